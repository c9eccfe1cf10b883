"""Grades what a class hands in: python3 autograder.py QUESTION ANSWERS, which the command line takes as they are; LIGHTCONE names it.
ANSWERS is a folder with a file for each answer, or a table with a name and a link on each line."""

import json
import os
import subprocess
import sys


def marks(question, answers):
    command = [os.environ.get("LIGHTCONE", "lightcone"), "grade", question, answers, "--format", "json"]
    said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode == 2:
        sys.exit(said.stderr)
    table = json.loads(said.stdout)
    # As few moves as can be are two points, a solution is one.
    points = lambda row: 0 if row["result"] != "solved" else 1 if row["moves"] > table.get("par", row["moves"]) else 2
    return [{"name": row["name"], "points": points(row), "why": row.get("why", []), "sameAs": row.get("sameAs")} for row in table["answers"]]


if __name__ == "__main__":
    print(json.dumps(marks(sys.argv[1], sys.argv[2]), indent=2))
