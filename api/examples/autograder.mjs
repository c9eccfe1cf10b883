// Grades a run that a student hands in, as a file or as a link: `node autograder.mjs FILE`.
// The task: a run of Raft, without flaws, that elects a leader.
import { existsSync, readFileSync } from "node:fs";
import { check, decodeLink, parse } from "lightcone";

const TASK = { protocol: "raft", search: false, expect: ["holds election-safety", "reaches leader-elected"] };

export async function grade(handedIn) {
  try {
    const run = existsSync(handedIn) ? parse(readFileSync(handedIn, "utf8")) : decodeLink(handedIn);
    if (run.protocol !== TASK.protocol) return { points: 0, why: [`This is a run of ${run.protocol}, not of ${TASK.protocol}.`] };
    if (run.flaws.length > 0) return { points: 0, why: [`The flaw ${run.flaws[0]} is on.`] };
    const { expected, edits } = await check(run, { search: TASK.search, expect: TASK.expect });
    const missed = expected.filter((line) => !line.met).map((line) => `${line.line}: ${line.instead}`);
    const idle = edits.filter((edit) => edit.outcome === "unused").map((edit) => `${edit.line}: ${edit.why}`);
    return { points: expected.filter((line) => line.met).length, why: [...missed, ...idle] };
  } catch (error) {
    return { points: 0, why: [`${error.code}: ${error.message}`] };
  }
}

if (process.argv[2]) console.log(JSON.stringify(await grade(process.argv[2]), null, 2));
