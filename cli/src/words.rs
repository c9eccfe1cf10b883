//! The texts.

/// What `--version` says.
pub const VERSION: &str = concat!("lightcone ", env!("CARGO_PKG_VERSION"));

/// What `--help` says.
pub const HELP: &str = "\
Replay a run of a protocol, search for a run that breaks it, draw it, judge a recorded history.

    lightcone check [OPTIONS] WHAT
    lightcone draw [OPTIONS] WHAT
    lightcone judge [OPTIONS] FILE

check WHAT
    WHAT is a scenario file, a link copied from Lightcone, a protocol (raft) or a run of the gallery
    (raft/election). Replays it, says which promises hold, then searches for a run that breaks one.

    --flaw ID          switch a flaw on; may be given several times
    --from MS          search from this moment of the run; otherwise from where the file says, or the start
    --break ID         look only for a run that breaks this promise, or after which it never comes true
    --reach ID         look for a run that reaches the good moment of this promise
    --depth N          events of a run, at most
    --states N         states kept, at most
    --time-outs N      so many timers may fire; the same for --crashes, --repeats, --losses, --requests,
                       --disks, --drifts
    --no-search        only replay
    --save FILE        write the run that is found as a scenario file

draw WHAT
    WHAT as for check. Draws the run as the page does: an SVG file that needs nothing from elsewhere. Without
    options a run of the gallery shows what it opens with in the page, a link where it says to look, and any
    other run all of itself.

    -o FILE            write the file; otherwise it goes to the standard output
    --width PIXELS     how wide the figure is, 1024 if not said; below 560, time runs down
    --theme NAME       light or dark
    --from MS, --to MS the stretch of time that is shown
    --at MS            the moment that is looked at: what comes later is pale

judge FILE
    FILE has operations as Jepsen writes them, one a line: {:process 0, :type :invoke, :f :write, :value 3}
    or 0 :invoke :write 3, as in history.txt and jepsen.log. Says whether they are linearizable, and if not,
    which operation cannot be placed, why, and where it stands. FILE is - for the standard input.

    --as NAME          what the operations are done to: register (if not said), key-value, compare-and-set,
                       lock, queue, test-and-set, log, set, counter
    --initial VALUE    what it begins with, as EDN: 0, nil, [1 2], :text
    --sequential       judge sequential consistency instead
    --format json      the answer as JSON

The exit code is 0 if everything holds and nothing was found, 1 if something is broken or was found to break,
2 if the question cannot be understood, 3 if a limit was met before anything was found.";
