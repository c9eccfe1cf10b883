//! The output and the exit codes of the program, as a script sees them.

mod common;

use common::{answers, lightcone};

const RAFT: &str = "lightcone 1\nprotocol raft 1\nset servers 3\nset clients 0\nflaw vote-not-persisted\n";

#[test]
fn a_flaw_is_found_and_what_is_found_breaks_when_it_is_replayed() {
    let said = answers(&["check", "-"], RAFT, 1);
    assert!(said.contains("Found in 8 events: no run of 7 or fewer does it"), "{said}");
    assert!(said.contains("both lead term 1."), "{said}");
    let link = said.lines().find(|line| line.starts_with("#/run/")).expect("it is a link");
    let again = answers(&["check", "--no-search", link], "", 1);
    assert!(again.contains("BROKEN   Election safety"), "{again}");
}

#[test]
fn what_is_found_can_be_saved_and_checked_again() {
    let file = std::env::temp_dir().join(format!("lightcone-cli-{}.scenario", std::process::id()));
    let file = file.to_str().expect("the folder for temporary files has a name");
    answers(&["check", "-", "--save", file], RAFT, 1);
    let again = answers(&["check", "--no-search", file], "", 1);
    std::fs::remove_file(file).expect("the file was written");
    assert!(again.contains("BROKEN   Election safety"), "{again}");
}

#[test]
fn a_right_protocol_says_what_was_tried() {
    let said = answers(&["check", "lamport"], "", 0);
    assert!(said.contains("at most 16 events, 3 new requests, messages in any order"), "{said}");
    assert!(said.contains("Nothing found. This is no proof"), "{said}");
    assert!(said.contains("Chance of a hash collision: below 2^-45"), "{said}");
}

#[test]
fn a_search_that_is_cut_off_decides_nothing() {
    let said = answers(&["check", "raft", "--states", "50"], "", 3);
    assert!(said.contains("Nothing found in runs of up to"), "{said}");
}

#[test]
fn two_phase_commit_may_wait_for_ever() {
    let said = answers(&["check", "2pc", "--break", "every-participant-decides"], "", 1);
    assert!(said.contains("Every participant decides: only if P1 restarts."), "{said}");
}

#[test]
fn a_goal_is_reached_in_as_few_events_as_can_be() {
    let said = answers(&["check", "-", "--reach", "leader-elected"], RAFT, 0);
    assert!(said.contains("Found in 3 events: no run of 2 or fewer does it"), "{said}");
}

#[test]
fn a_goal_that_the_protocol_states_is_reached() {
    let said = answers(&["check", "raft", "--reach", "split-vote", "--time-outs", "3"], "", 0);
    assert!(said.contains("Found in 3 events") && said.contains("  The vote is split."), "{said}");
}

#[test]
fn runs_of_the_gallery_are_known_by_name() {
    let said = answers(&["check", "raft/figure-8", "--no-search"], "", 1);
    assert!(said.contains("BROKEN   Leader completeness"), "{said}");
}

#[test]
fn what_cannot_be_understood_is_explained() {
    for (arguments, why) in [
        (&["check", "nowhere"][..], "the protocols are lamport"),
        (&["check", "raft", "--flaw", "none"], "there is no flaw `none` here"),
        (&["check", "#/run/AAAA"], "lightcone: "),
        (&["check", "raft", "--break", "x", "--reach", "y"], "either --break or --reach"),
        (&["check", "raft", "--reach", "log-matching"], "must always hold"),
        (&["check", "raft", "--reach", "x"], "`x` is no goal. Possible: split-vote, two-leaders"),
        (&["check"], "check what?"),
        (&["draw"], "draw what?"),
        (&["export", "raft"], "which format? Give --as and one of mermaid, shiviz, edn, json, svg, text"),
        (&["export", "--as", "text"], "export what?"),
        (&["export", "raft", "--as", "png"], "there is no format `png`, only mermaid"),
        (&["draw", "nowhere"], "the protocols are lamport"),
        (&["draw", "raft/election", "--theme", "sepia"], "there is no theme `sepia`, only light and dark"),
        (&["draw", "raft/election", "--width", "12"], "300 to 4000 pixels wide, not 12"),
        (&["draw", "raft/election", "--width", "wide"], "cannot parse"),
        (&["draw", "raft/election", "--from", "soon"], "no time in ms"),
        (&["draw", "raft/election", "--at", "99999"], "the run ends at"),
        (&["draw", "raft/election", "--from", "80", "--to", "50"], "from 80 to 50 ms is too short"),
        (&["draw", "raft/election", "-o", "/no/such/folder/x.svg"], "cannot be written"),
        (&["draw", "raft/election", "--height", "3"], "invalid option"),
        (&["judge", "--as", "stack", "-"], "`stack` is no kind of object"),
        (&["judge", "-"], "Line 1, column 1: "),
        (&["jump"], "`jump` is no command"),
        (&[], "lightcone check [OPTIONS] WHAT"),
    ] {
        let said = answers(arguments, "{:process 0, :type", 2);
        assert!(said.contains(why), "{arguments:?} says {said}");
    }
}

#[test]
fn every_line_that_cannot_be_read_is_listed() {
    let text =
        "lightcone 1\nprotocol raft 1\nhorizon soon\nscript\n  at 5 ms crash S9\nsearch\n  deep 3\nexpect\n  hopes\n";
    let said = answers(&["check", "-"], text, 2);
    let lines: Vec<&str> = said.lines().filter_map(|line| line.split("-: ").nth(1)).collect();
    assert_eq!(lines.len(), 4, "{said}");
    for (line, number) in lines.iter().zip([3, 5, 7, 9]) {
        assert!(line.starts_with(&format!("Line {number}: ")), "{said}");
    }
}

#[test]
fn the_help_names_every_option() {
    let said = answers(&["--help"], "", 0);
    for option in [
        "--flaw",
        "--from",
        "--break",
        "--reach",
        "--depth",
        "--states",
        "--no-search",
        "--events",
        "--strict",
        "--save",
        "--as",
        "--initial",
        "--sequential",
        "--format",
        "--width",
        "--theme",
        "--to",
        "--at",
        "--execution",
    ] {
        assert!(said.contains(option), "{option}");
    }
    assert!(said.lines().all(|line| line.chars().count() <= 110), "it fits a terminal");
}

#[test]
fn a_run_is_drawn_as_a_file_that_stands_alone() {
    let svg = answers(&["draw", "raft/election"], "", 0);
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.trim_end().ends_with("</svg>"));
    for part in ["<title>", "<desc>", "#/run/", "<style>", "class=\"m k-ballot", ">S5</text>", "width=\"1072\""] {
        assert!(svg.contains(part), "{part}");
    }
    for not in ["var(", "<script", "href", "<image", "Take an arrow"] {
        assert!(!svg.contains(not), "{not}");
    }
    assert!(svg.contains(".sheet{fill:#FFFFFF}"), "light if nobody says");
    assert!(answers(&["draw", "raft/election", "--theme", "dark"], "", 0).contains(".sheet{fill:#131418}"));
}

#[test]
fn a_drawing_shows_the_stretch_and_the_moment_that_are_asked_for() {
    let whole = answers(&["draw", "raft/election", "--from", "0"], "", 0);
    let part = answers(&["draw", "raft/election", "--from", "50", "--to", "160", "--at", "82"], "", 0);
    assert!(part.contains(">82 ms</text>") && !whole.contains(">82 ms</text>"), "the cursor's flag");
    assert!(part.contains("class=\"veil\"") && !whole.contains("class=\"veil\""), "what comes later is pale");
    let messages = |svg: &str| svg.matches("class=\"m k-").count();
    assert!(messages(&part) < messages(&whole), "{} and {}", messages(&part), messages(&whole));
    let phone = answers(&["draw", "raft/election", "--width", "390"], "", 0);
    assert!(phone.contains("class=\"fig down\""), "time runs down where there is little room");
}

#[test]
fn a_link_says_where_to_look() {
    let found = answers(&["check", "-"], RAFT, 1);
    let link = found.lines().find(|line| line.starts_with("#/run/")).expect("it is a link");
    let look = format!("https://some.host/{link}?at=20&from=10&to=60");
    let svg = answers(&["draw", &look], "", 0);
    assert!(svg.contains(">20 ms</text>") && svg.contains(">10 ms</text>") && svg.contains(">60</text>"), "{svg}");
    let other = answers(&["draw", &look, "--at", "30"], "", 0);
    assert!(other.contains(">30 ms</text>"), "what is said beside it comes first");
}

#[test]
fn draw_and_export_take_what_check_takes() {
    let file = std::env::temp_dir().join(format!("lightcone-cli-{}.svg", std::process::id()));
    let file = file.to_str().expect("the folder for temporary files has a name");
    let link = answers(&["check", "-"], RAFT, 1);
    let link = link.lines().find(|line| line.starts_with("#/run/")).expect("it is a link");
    for (what, input) in [("-", RAFT), (link, ""), ("lamport", "")] {
        let said = lightcone(&["draw", what, "-o", file], input);
        assert_eq!((said.status.code(), said.stdout.len()), (Some(0), 0), "{what}");
        let svg = std::fs::read_to_string(file).expect("the file was written");
        assert!(svg.starts_with("<svg") && svg.contains("class=\"lane"), "{what}");
    }
    std::fs::remove_file(file).expect("the file was written");
}

const LOG: &str = "\
(?<host>\\S+) (?<clock>{.*}) (?<event>.*)
^--- (?<trace>.*)$
--- night
a {\"a\":1} Sleeps
--- day
a {\"a\":1} Calls
b {\"a\":1, \"b\":1} Answers
--- torn
b {\"b\":2} Answers
";

#[test]
fn a_recorded_log_is_drawn_one_execution_at_a_time() {
    let first = answers(&["draw", "-"], LOG, 0);
    assert!(first.contains(">night</text>") && first.contains(">step 0</text>"), "{first}");
    let day = answers(&["draw", "-", "--execution", "day"], LOG, 0);
    assert!(day.contains(">Calls</text>") && day.matches("class=\"m k-").count() == 1, "{day}");
    let torn = answers(&["draw", "-", "--execution", "torn"], LOG, 2);
    assert!(torn.contains("-: Line 9: b begins with event 2: its events are counted from 1."), "{torn}");
    assert!(answers(&["draw", "-", "--execution", "dusk"], LOG, 2).contains("they are night, day, torn"));
    assert!(answers(&["draw", "-", "--execution", "day"], RAFT, 2).contains("only a recorded log has executions"));
}

const STALE: &str = "\
{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
{:process 0, :type :invoke, :f :write, :value 2}
{:process 0, :type :ok, :f :write, :value 2}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
";

#[test]
fn a_stale_read_cannot_be_placed_but_is_sequentially_consistent() {
    let said = answers(&["judge", "-"], STALE, 1);
    assert!(said.contains("read x = 1 must be 2: the write of 2 was done before it began."), "{said}");
    let said = answers(&["judge", "--sequential", "-"], STALE, 0);
    assert!(said.contains("3 operations on a register: sequentially consistent."), "{said}");
}

#[test]
fn a_promise_that_breaks_outside_of_what_is_assumed_says_so() {
    let run = "lightcone 1\nprotocol lamport 1\nscript\n  at 5 ms request c1 write-at N1\n  at 60 ms crash N1\n\
               at 61 ms lose-disk N1\n  at 62 ms restart N1\n  at 100 ms request c2 write-at N1\n";
    let said = answers(&["check", "--no-search", "-"], run, 1);
    let after = said.split_once("BROKEN   Total order").expect("two events have one stamp").1;
    let next = after.lines().nth(1).expect("there is a line after it");
    assert_eq!(next.trim(), "A disk was lost: this is outside the fault model of Lamport timestamps.");
    let kept = answers(&["check", "--no-search", "-"], &run.replace("at 61 ms lose-disk N1\n", "\n"), 0);
    assert!(!kept.contains("no promise of"), "{kept}");
}
