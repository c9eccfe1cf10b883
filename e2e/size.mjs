// Prints what each address of the page costs when it is fetched for the first time, and fails when one is over its budget. Fonts do
// not count: they come after the page is usable, once. Run with the folder of the built page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// In bytes, gzip. What is fetched ahead when nothing else happens is not in the first number, but has its own below.
const ADDRESSES = {
  "a run of a small protocol": [545_000, ["split_order"]],
  "a run of Raft": [550_000, ["split_consensus"]],
  "the first page with its live figure": [585_000, ["contents", "split_home", "split_consensus"]],
};
// What the picture of an embedded run of the gallery takes before its program comes: these files and its poster, the largest one.
const POSTER = [20_000, /^(index\.html|boot\.js|(tokens|first|figure)-.*\.css|icon-.*\.svg)$/];
// What the first page fetches before its live figure.
const FIRST = [60_000, /^(index\.html|boot\.js|icon-.*\.svg|contents-.*\.html|.*\.css)$/];
// What arrives when it is first opened.
const PARTS = {
  split_home: 16_000,
  split_signs: 8_000,
  split_share: 27_000,
  split_edit: 31_000,
  split_search: 58_000,
  // Any expression in linear time, EDN, and the judges of nine types of object with any values: half of it is these.
  split_log: 160_000,
};
// A chapter: so much for each of its protocols.
const PROTOCOL = 31_000;

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => /\.(wasm|js|css|html|svg|bin)$/.test(name)).sort();
const sent = new Map(files.map((name) => [name, gzipSync(readFileSync(join(folder, name)), { level: 9 }).length]));
for (const [name, size] of sent) console.log(`${kilo(readFileSync(join(folder, name)).length)} raw ${kilo(size)} gzip  ${name}`);

const always = files.filter((name) => !/^split_|^search\.js|^contents-/.test(name));
let over = false;
for (const [address, [budget, parts]] of Object.entries(ADDRESSES)) {
  check(address, [...always, ...parts.map(file)], budget);
}
checkPoster();
check("the first page before its live figure", files.filter((name) => FIRST[1].test(name)), FIRST[0]);
for (const [part, budget] of Object.entries(PARTS)) check(part, [file(part)], budget);
const runs = new URL("../core/content/runs/", import.meta.url);
for (const chapter of readdirSync(runs)) {
  check(`the chapter ${chapter}`, [file(`split_${chapter}`)], PROTOCOL * readdirSync(new URL(`${chapter}/`, runs)).length);
}
process.exitCode = over ? 1 : 0;

/** The largest poster with what else its address fetches. */
function checkPoster() {
  const posters = readdirSync(folder).find((name) => name.startsWith("posters-"));
  for (const name of readdirSync(join(folder, posters), { recursive: true }).filter((name) => name.endsWith(".html"))) {
    sent.set(name, gzipSync(readFileSync(join(folder, posters, name)), { level: 9 }).length);
  }
  const largest = [...sent.keys()].filter((name) => name.includes("/")).reduce((one, other) => (sent.get(one) < sent.get(other) ? other : one));
  check(`the poster of an embed, with the largest (${largest})`, [...files.filter((name) => POSTER[1].test(name)), largest], POSTER[0]);
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
