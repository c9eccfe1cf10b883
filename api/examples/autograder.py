"""Grades a run that a student hands in, as a file or as a link: python3 autograder.py FILE
The command line judges it; LIGHTCONE names the program. The task: a run of Raft, without flaws, that elects a leader."""

import json
import os
import subprocess
import sys


def grade(handed_in):
    command = [os.environ.get("LIGHTCONE", "lightcone"), "check", handed_in, "--no-search", "--format", "json"]
    said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode == 2:
        return {"points": 0, "why": said.stderr.splitlines()}
    run = json.loads(said.stdout)
    if run["scenario"]["protocol"] != "raft" or run["scenario"]["flaws"]:
        return {"points": 0, "why": ["This is no run of Raft without flaws."]}
    verdicts = {each["property"]: each for each in run["verdicts"]}
    elected, broken = verdicts["leader-elected"], [each for each in run["verdicts"] if each["verdict"] == "broken"]
    why = [each["why"] for each in broken] + [edit["why"] for edit in run["edits"] if edit["outcome"] == "unused"]
    return {"points": (elected["verdict"] == "holds") + (not broken), "why": why}


if __name__ == "__main__":
    print(json.dumps(grade(sys.argv[1]), indent=2))
