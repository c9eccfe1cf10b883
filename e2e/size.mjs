// Prints what the page weighs when sent, and fails when it is over the budget. Fonts do not count: they
// come after the page is usable, once. Run with the folder of the built page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// What each part of the page may weigh. Protocols stand in the lists of the chapters.
const PARTS = {
  "the page with its first two protocols": 400_000,
  "the search, its reductions (which know every protocol) and its stages": 55_000,
  "verdicts that say what was not put to the test: whole histories are judged while a run goes on": 20_000,
  "goals of each protocol, the list of what can be looked for, several workers": 10_000,
  "the editor: settings, requests and faults in three ways, names completed": 27_000,
  "contents by chapter, and the terms by which runs are found": 6_000,
  "cuts chosen lane by lane and answered before they are made; a lane's commands in words": 8_000,
  "signs: what each means, where each is, a page with a picture of each": 16_000,
  "two runs of one schedule, above each other": 18_500,
  "refusals with reasons, where a run opens, what properties mean, all logs, pictures that hold fonts and verdicts": 22_000,
  "recorded logs: any expression in linear time, clocks that contradict each other told by line, a page to read them": 54_000,
  "recorded histories: EDN, and a judge of registers with any values (all nine types of object would be 53 kB more)": 40_000,
};
const PROTOCOL = 25_000;
const chapters = new URL("../core/protocols/src/", import.meta.url);
const lists = readdirSync(chapters, { recursive: true }).filter((name) => name.endsWith("mod.rs"));
const registry = lists.map((name) => readFileSync(new URL(name, chapters), "utf8")).join("\n");
const protocols = [...registry.matchAll(/^ +&Erased::</gm)].length;
const BUDGET = Object.values(PARTS).reduce((sum, part) => sum + part) + PROTOCOL * (protocols - 2);
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
