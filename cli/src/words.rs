//! The texts of the command line.

/// The output of `--version`.
pub const VERSION: &str = concat!("lightcone ", env!("CARGO_PKG_VERSION"));

/// The output of `--help`.
pub const HELP: &str = "\
Replay a run of a protocol, search for a run that breaks it, draw it, write it for other tools,
judge a recorded history, grade answers to a question.

    lightcone check [OPTIONS] WHAT
    lightcone draw [OPTIONS] WHAT
    lightcone export WHAT --as FORMAT
    lightcone judge [OPTIONS] FILE
    lightcone grade QUESTION [ANSWERS]

check WHAT
    WHAT is a scenario file (text or JSON), a link copied from Lightcone, a protocol (raft) or a run of the
    gallery (raft/election). Replays it, says which promises hold, then searches for a run that breaks one.
    Checks what the file expects, and lists edits that have no effect.

    holds, BROKEN, not yet (by the end of the run); \u{2013} means not tested, and says why; ? means cannot tell:
    the run or the judge met a limit

    --flaw ID          switch a flaw on; may be given several times
    --from MS          search from this moment of the run; otherwise from where the file says, or the start
    --break ID         look only for a run that breaks this promise, or after which it never comes true
    --reach ID         look for a run in which this goal or promise is reached
    --depth N          events of a run, at most
    --states N         states kept, at most
    --time-outs N      so many timers may fire; the same for --crashes, --repeats, --losses, --requests,
                       --disks, --drifts
    --no-search        only replay
    --events           print every event of the run first
    --strict           an edit without effect is an error: exit code 1
    --save FILE        write the run that is found as a scenario file
    --format json      the answer as JSON: verdicts, edits, and what the search found

draw WHAT
    WHAT as for check. Draws the run as the page does: an SVG file that stands alone. Without options the
    figure shows what the page opens with: the stretch that a gallery run or a link names, or the whole run.

    -o FILE            write the file; otherwise it goes to the standard output
    --width PIXELS     how wide the figure is, 1024 if not said; below 560, time runs down
    --theme NAME       light or dark
    --from MS, --to MS the stretch of time that is shown
    --at MS            the moment of the cursor: later events are pale

    WHAT may be a recorded log with vector clocks, too, as ShiViz takes it, or a history as judge takes it.
    Its times are steps.

    --execution NAME   which of a log’s executions; the first, if not said
    --as NAME, --initial VALUE
                       what a history’s operations are done to; the first that fits, if not said

export WHAT --as FORMAT
    WHAT as for check. FORMAT is mermaid, shiviz, edn (the clients’ requests and answers, for judge), json
    (the whole run), svg, text (every event), scenario, or test (the scenario, with what is expected of it).
    --format is another word for --as.

    --states           json has each node’s state after each event, too
    -o FILE            write the file; otherwise it goes to the standard output

judge FILE
    FILE has operations as Jepsen writes them, one a line: {:process 0, :type :invoke, :f :write, :value 3}
    or 0 :invoke :write 3, as in history.txt and jepsen.log; or it is a history as JSON. Says whether they
    are linearizable, and if not, which operation cannot be placed, why, and where it stands. FILE is - for
    the standard input.

    --as NAME          what the operations are done to: register (if not said), key-value, compare-and-set,
                       lock, queue, test-and-set, log, set, counter
    --initial VALUE    what it begins with, as EDN: 0, nil, [1 2], :text
    --sequential       judge sequential consistency instead
    --format json      the answer as JSON

grade QUESTION ANSWERS
    QUESTION is a link that asks something, a scenario file with a section `challenge`, or a challenge
    (2pc/leave-both-in-doubt). ANSWERS is a table with a name and a link on each line, with commas (CSV); or
    a folder with a file for each answer: a link, or a scenario with moves. Runs each answer and says whether
    it solves the question, in how many moves, what is not so, where its run leaves the nearest solution,
    and whose answer is the same. ANSWERS is - for the standard input. Without ANSWERS: what is asked, the
    fewest moves, and the link of the question.

    --format json      the table as JSON

The exit code is the answer:
    0    nothing is broken and nothing was found that breaks; with --reach, it was found; every answer
         solves the question
    1    something is broken, or a run was found that breaks, or the file expects something else;
         with --reach, nothing was found; an answer does not solve the question, or is none to it
    2    the arguments are wrong, or the input cannot be read
    3    cannot tell: the run, the search or the judge met a limit first
    141  nobody reads the output any more";
