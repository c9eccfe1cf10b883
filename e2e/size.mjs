// Prints what the page weighs when sent, and fails when it is over the budget. Fonts do not count: they
// come after the page is usable, once. Run with the folder of the built page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// The page with its first two protocols, what each further one may add, the search with all that it needs (its reductions
// know every protocol) and its stages, and verdicts that say what was not put to the test, for which whole histories are
// judged while a run goes on, and the signs of the figure: what each means, where each is, and a page with a picture of each.
// Protocols stand in the lists of the chapters.
const PAGE = 400_000;
const PROTOCOL = 25_000;
const SEARCH = 55_000;
const VERDICTS = 20_000;
const SIGNS = 16_000;
const chapters = new URL("../core/protocols/src/", import.meta.url);
const lists = readdirSync(chapters, { recursive: true }).filter((name) => name.endsWith("mod.rs"));
const registry = lists.map((name) => readFileSync(new URL(name, chapters), "utf8")).join("\n");
const protocols = [...registry.matchAll(/^ {4}&Erased::</gm)].length;
const BUDGET = PAGE + PROTOCOL * (protocols - 2) + SEARCH + VERDICTS + SIGNS;
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
