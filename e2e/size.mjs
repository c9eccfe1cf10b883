// Prints what each address of the page costs when it is fetched for the first time, and fails when one is over its budget. Fonts do
// not count: they come after the page is usable, once. Run with the folder of the built page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// In bytes, gzip. What is fetched ahead when nothing else happens is not in the first number, but has its own below.
const ADDRESSES = {
  "a run of a small protocol": [545_000, ["split_shelf_lamport"]],
  "a run of Raft": [550_000, ["split_shelf_raft"]],
  "the first page": [750_000, ["split_home", ...protocols()]],
};
// What arrives when it is first opened.
const PARTS = {
  split_home: 21_000,
  split_around: 90_000,
  split_signs: 8_000,
  split_share: 27_000,
  split_edit: 31_000,
  split_search: 58_000,
  // Any expression in linear time, EDN, and the judges of nine types of object with any values: half of it is these.
  split_log: 160_000,
};
// A protocol with the files about it.
const PROTOCOL = 45_000;

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => /\.(wasm|js|css|html|svg)$/.test(name)).sort();
const sent = new Map(files.map((name) => [name, gzipSync(readFileSync(join(folder, name)), { level: 9 }).length]));
for (const [name, size] of sent) console.log(`${kilo(readFileSync(join(folder, name)).length)} raw ${kilo(size)} gzip  ${name}`);

const always = files.filter((name) => !/^split_|^search\.js/.test(name));
let over = false;
for (const [address, [budget, parts]] of Object.entries(ADDRESSES)) {
  check(address, [...always, ...parts.map(file)], budget);
}
for (const [part, budget] of Object.entries(PARTS)) check(part, [file(part)], budget);
for (const part of protocols()) check(part, [file(part)], PROTOCOL);
process.exitCode = over ? 1 : 0;

/** The parts of all protocols, by the folders of their runs. */
function protocols() {
  const runs = new URL("../core/content/runs/", import.meta.url);
  const folders = readdirSync(runs).flatMap((chapter) => readdirSync(new URL(`${chapter}/`, runs)));
  return folders.map((protocol) => `split_shelf_${protocol.replaceAll("-", "_")}`);
}

/** The file of a part, whatever the build. */
function file(part) {
  const found = files.find((name) => name.startsWith(`${part}-`));
  if (!found) throw new Error(`There is no part ${part}.`);
  return found;
}

function check(what, names, budget) {
  const size = names.reduce((sum, name) => sum + sent.get(name), 0);
  const verdict = size > budget ? "OVER the budget of" : "of";
  over ||= size > budget;
  console.log(`${kilo(size)} ${verdict} ${kilo(budget).trim()}: ${what}`);
}

function kilo(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
}
