// Prints what each address of the page costs when it is fetched for the first time, and fails when one is over its budget. Fonts do
// not count: they come after the page is usable, once. Run with the folder of the built page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

// Budgets are in bytes, gzip. What is fetched when the figure stands, or ahead when nothing else happens, is not in the first two numbers,
// but has its own below.
const ADDRESSES = {
  "the first figure of a small protocol": [338_000, ["split_shelf_lamport"]],
  "the first figure of Raft": [375_000, ["split_shelf_raft"]],
  "a run of Raft with all that stands around it": [552_000, ["split_shelf_raft", "split_around"]],
  "a run of Raft and the dialog that shares it": [587_000, ["split_shelf_raft", "split_around", "split_share"]],
  "a run of Raft and a search": [626_000, ["split_shelf_raft", "split_around", "split_search"]],
  "the first page with its live figure": [417_000, ["contents", "split_home", "split_shelf_raft"]],
};
// A live embedded run, with its bar. It does without the style sheet of the page around a run.
const EMBEDS = {
  "a live embed of a small protocol": [350_000, ["split_shelf_lamport", "split_bar"]],
  "a live embed of Raft": [388_000, ["split_shelf_raft", "split_bar"]],
};
// What the picture of an embedded run of the gallery takes before its program comes: these files and its poster, the largest one.
const POSTER = [20_000, /^(index\.html|boot\.js|(tokens|first|figure)-.*\.css|icon-.*\.svg)$/];
// What the first page fetches before its live figure.
const FIRST = [60_000, /^(index\.html|boot\.js|icon-.*\.svg|contents-.*\.html|.*\.css)$/];
// What a lesson takes, the longest one, before its figure. The figure is an embedded run, and is fetched after the text.
const LESSON = [16_000, /^(lightcone\.js|tokens-.*\.css|icon-.*\.svg)$/];
// What arrives later. What only a few share is in each.
const PARTS = {
  // What stands around a run, its keys and lists, what explains the signs, and the text form: after a run's first figure. Of it, 2.5 kB
  // say which lessons show the run: about 75 bytes for each lesson.
  split_around: 178_000,
  // The bar of an embedded run: of what stands around a run, what such a run has.
  split_bar: 21_000,
  split_home: 23_000,
  split_signs: 19_000,
  // With the element for other pages, its options and its preview. What stands around a run is there before.
  split_share: 36_000,
  split_edit: 30_000,
  // A worker fetches it by itself: with the text form.
  split_search: 75_000,
  // The challenges, what reads and judges questions and answers, the search for the fewest moves, and the form that sets a question:
  // when a question is open, or somebody sets one.
  split_question: 68_000,
  // Any expression in linear time, EDN, and the judges of nine types of object with any values: half of it is these. What it shares with
  // what stands around a run is in it, since it is an address of its own.
  split_log: 192_000,
  // What hears the page around an embedded figure: JSON, and the form of edits and verdicts. After a framed run's first figure.
  split_host: 56_000,
};
// What a page of somebody else's loads of the element.
const ELEMENT = 4_000;
// A protocol with the files about it; those that need more.
const PROTOCOL = 27_500;
const LARGE = { split_shelf_2pc: 33_000, split_shelf_quorum: 34_700, split_shelf_raft: 50_200 };

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => /\.(wasm|js|css|html|svg)$/.test(name)).sort();
const sent = new Map(files.map((name) => [name, weigh(join(folder, name))]));
for (const [name, sizes] of sent) console.log(`${said(sizes)}  ${name}`);

const always = files.filter((name) => !/^split_|^(search|lightcone)\.js|^contents-/.test(name));
let over = false;
for (const [address, [budget, parts]] of Object.entries(ADDRESSES)) {
  check(address, [...always, ...parts.map(file)], budget);
}
for (const [address, [budget, parts]] of Object.entries(EMBEDS)) {
  check(address, [...always.filter((name) => !/^app-.*\.css$/.test(name)), ...parts.map(file)], budget);
}
checkPoster();
check("the first page before its live figure", files.filter((name) => FIRST[1].test(name)), FIRST[0]);
check("lightcone.js", ["lightcone.js"], ELEMENT);
checkLesson();
for (const [part, budget] of Object.entries(PARTS)) check(part, [file(part)], budget);
for (const part of protocols()) check(part, [file(part)], LARGE[part] ?? PROTOCOL);
process.exitCode = over ? 1 : 0;

/** The largest poster with what else its address fetches. */
function checkPoster() {
  const posters = readdirSync(folder).find((name) => name.startsWith("posters-"));
  for (const name of readdirSync(join(folder, posters), { recursive: true }).filter((name) => name.endsWith(".html"))) {
    sent.set(name, weigh(join(folder, posters, name)));
  }
  const largest = [...sent.keys()].filter((name) => name.includes("/")).reduce((one, other) => (sent.get(one).gzip < sent.get(other).gzip ? other : one));
  check(`the poster of an embed, with the largest (${largest})`, [...files.filter((name) => POSTER[1].test(name)), largest], POSTER[0]);
}

/** The longest lesson with what it needs before its figure. */
function checkLesson() {
  const learn = join(folder, "learn");
  const size = (name) => weigh(join(learn, name)).gzip;
  const pages = readdirSync(learn).filter((name) => /^\d/.test(name)).map((name) => join(name, "index.html"));
  const own = [pages.reduce((one, other) => (size(one) < size(other) ? other : one)), "learn.css", "learn.js"];
  for (const name of own) sent.set(name, weigh(join(learn, name)));
  check("a lesson before its figure, the longest", [...files.filter((name) => LESSON[1].test(name)), ...own], LESSON[0]);
}

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

/** A file's size as it is, and as hosts send it. */
function weigh(path) {
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return { raw: content.length, gzip: gzipSync(content, { level: 9 }).length, brotli: brotliCompressSync(content, { params }).length };
}

function check(what, names, budget) {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const name of names) for (const way of Object.keys(sum)) sum[way] += sent.get(name)[way];
  const verdict = sum.gzip > budget ? "OVER the budget of" : "of";
  over ||= sum.gzip > budget;
  console.log(`${said(sum)}  ${verdict} ${kilo(budget).trim()} gzip: ${what}`);
}

function said({ raw, gzip, brotli }) {
  return `${kilo(raw)} raw ${kilo(gzip)} gzip ${kilo(brotli)} brotli`;
}

function kilo(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
}
