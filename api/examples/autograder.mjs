// Grades what a class hands in: `node autograder.mjs QUESTION FOLDER`. QUESTION is a link that asks something, or a challenge
// (2pc/leave-both-in-doubt); FOLDER has a file for each answer, a link or a scenario with moves, called after whose it is.
import { readFileSync, readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { grade } from "lightcone";

// As few moves as can be are two points, a solution is one.
const points = ({ result, moves }, par) => (result !== "solved" ? 0 : moves > (par ?? moves) ? 1 : 2);

export function marks(question, folder) {
  const files = readdirSync(folder).sort();
  const handedIn = files.map((file) => ({ name: parse(file).name, answer: readFileSync(join(folder, file), "utf8") }));
  const { par, answers } = grade(question, handedIn);
  return answers.map((row) => ({ name: row.name, points: points(row, par), why: row.why ?? [], sameAs: row.sameAs ?? null }));
}

if (process.argv[3]) console.log(JSON.stringify(marks(process.argv[2], process.argv[3]), null, 2));
