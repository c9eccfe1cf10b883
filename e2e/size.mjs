// Prints what the page weighs when sent, and fails when it is over the budget. Fonts do not count: they
// come after the page is usable, once. Run with the folder of the built page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// The page with its first two protocols, what each further one may add, the search with all that it needs (its reductions
// know every protocol) and its stages, verdicts that say what was not put to the test, for which whole histories are
// judged while a run goes on, and goals: each protocol's own, the list of what can be looked for, the search for what can never
// happen any more, and several workers; the editor, which writes every setting, request and fault in three ways and
// completes names; the contents by chapter, and the terms by which runs are found; cuts that are chosen lane by lane and
// answered before they are made, with a lane's commands in menu, margin and sheet; the signs of the
// figure: what each means, where each is, and a page with a picture of each. Protocols stand in the lists of the chapters.
const PAGE = 400_000;
const PROTOCOL = 25_000;
const SEARCH = 55_000;
const VERDICTS = 20_000;
const GOALS = 10_000;
const EDITOR = 27_000;
const CONTENTS = 6_000;
const CUTS = 8_000;
const SIGNS = 16_000;
const chapters = new URL("../core/protocols/src/", import.meta.url);
const lists = readdirSync(chapters, { recursive: true }).filter((name) => name.endsWith("mod.rs"));
const registry = lists.map((name) => readFileSync(new URL(name, chapters), "utf8")).join("\n");
const protocols = [...registry.matchAll(/^ +&Erased::</gm)].length;
const BUDGET = PAGE + PROTOCOL * (protocols - 2) + SEARCH + VERDICTS + GOALS + EDITOR + CONTENTS + CUTS + SIGNS;
const folder = process.argv[2];
const counted = /\.(wasm|js|css|html|svg)$/;

let sum = 0;
for (const name of readdirSync(folder, { recursive: true }).sort()) {
  if (!counted.test(name)) continue;
  const bytes = readFileSync(join(folder, name));
  const sent = gzipSync(bytes, { level: 9 }).length;
  sum += sent;
  console.log(`${kilo(bytes.length)} raw ${kilo(sent)} gzip  ${name}`);
}
console.log(`The page is ${kilo(sum).trim()} of ${kilo(BUDGET).trim()}, gzip, without fonts.`);
if (sum > BUDGET) {
  console.error("That is over the budget.");
  process.exitCode = 1;
}

function kilo(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
}
