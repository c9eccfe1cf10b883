// What the API says to JavaScript. LIGHTCONE_API is the built package, LIGHTCONE_CLI the command line beside it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

// An autograder has the package as npm installs it: from its folder, without a network.
const home = mkdtempSync(join(tmpdir(), "lightcone-api-"));
after(() => rmSync(home, { recursive: true, force: true }));
writeFileSync(join(home, "package.json"), '{"type":"module","private":true}');
execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--install-links", process.env.LIGHTCONE_API], { cwd: home });
const installed = join(home, "node_modules", "lightcone");
const api = await import(join(installed, "node.js"));

const cli = (...words) => spawnSync(process.env.LIGHTCONE_CLI, words, { encoding: "utf8", maxBuffer: 1 << 28 });
const names = api.protocols().protocols.flatMap((protocol) => protocol.runs.map((run) => run.name));
const RAFT = "lightcone 1\nprotocol raft 1\nset servers 3\nset clients 0\nflaw vote-not-persisted\n";

/** What a call throws. */
function thrown(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof Error, `${error} is an Error`);
    return error;
  }
  assert.fail("it throws");
}

test("the package brings its types and nothing that it does not need", () => {
  const files = readdirSync(installed).sort();
  assert.deepEqual(files, ["lightcone.d.ts", "lightcone.js", "lightcone_bg.wasm", "node.js", "package.json"]);
  const types = readFileSync(join(installed, "lightcone.d.ts"), "utf8");
  for (const line of ["export function parse(scenario: string): Scenario", "Promise<Checked>", "export type Trace = {"]) {
    assert.ok(types.includes(line), line);
  }
});

test("a browser starts the module from the bytes of its wasm, without fetching", async () => {
  const fresh = await import(`${join(installed, "lightcone.js")}?again`);
  fresh.initSync({ module: readFileSync(join(installed, "lightcone_bg.wasm")) });
  assert.equal(fresh.parse(RAFT).protocol, "raft");
  const code = readFileSync(join(installed, "lightcone.js"), "utf8");
  for (const word of ["document", "window.", "localStorage", "XMLHttpRequest"]) assert.ok(!code.includes(word), word);
});

test("a run of the gallery is the same here, in a text and in a link", () => {
  assert.ok(names.length > 100, `${names.length} runs`);
  for (const name of names) {
    const scenario = api.decodeLink(name);
    assert.deepEqual(api.parse(api.format(scenario)), scenario, name);
    assert.deepEqual(api.decodeLink(api.encodeLink(scenario)), scenario, name);
    assert.deepEqual(JSON.parse(JSON.stringify(scenario)), scenario, `${name} is plain`);
  }
});

test("states come on demand, and a run ends when it is told to", () => {
  const run = api.decodeLink("raft/election");
  const whole = api.simulate(run, { states: true });
  assert.ok(whole.events.every((event) => !event.node === !event.state));
  const short = api.simulate(run, { until: 50 });
  assert.equal(short.scenario.horizon, 50);
  assert.ok(short.events.length < whole.events.length && !short.events[0].state);
});

test("a search is a promise that tells how far it is", async () => {
  const reports = [];
  const checked = await api.check(api.parse(RAFT), {}, (progress) => reports.push(progress));
  assert.equal(checked.search.ending, "shortest");
  assert.deepEqual([checked.search.found.events, checked.search.found.breaks], [8, ["election-safety"]]);
  assert.ok(reports.every((report, at) => at === 0 || report.tried >= reports[at - 1].tried));
  const printed = JSON.parse(spawnSync(process.env.LIGHTCONE_CLI, ["check", "-", "--format", "json"], { input: RAFT, encoding: "utf8" }).stdout);
  assert.deepEqual(checked, printed, "the command line says the same");
});

test("a search stops when its signal says so, and lets others work meanwhile", async () => {
  const stop = new AbortController();
  let turns = 0;
  const search = api.check(api.decodeLink("raft"), { depth: 40 }, () => ++turns === 3 && stop.abort(), stop.signal);
  await assert.rejects(search, { name: "AbortError" });
  assert.equal(turns, 3);
  await assert.rejects(api.check(api.decodeLink("raft"), {}, null, AbortSignal.abort(new TypeError("no"))), TypeError);
  const failing = api.check(api.decodeLink("raft"), { depth: 40 }, () => { throw new RangeError("mine"); });
  await assert.rejects(failing, RangeError, "what the host throws is the host's");
});

test("a history is judged as an object and as a text", () => {
  const event = (process, type, f, value) => ({ process, type, f, value });
  const events = [event(0, "invoke", "write", 2), event(0, "ok", "write", 2), event(1, "invoke", "read"), event(1, "ok", "read", 1)];
  const told = api.judge({ lightcone: 1, events });
  assert.deepEqual([told.holds, told.operation.process, told.operation.asked.event], [false, 1, 2]);
  const text = "0 :invoke :write 2\n0 :ok :write 2\n1 :invoke :read nil\n1 :ok :read 1\n";
  assert.equal(api.judge(text).sentence, told.sentence);
  assert.equal(api.judge(text, { as: "register", initial: 1, sequential: true }).holds, true);
  const run = api.simulate(api.decodeLink("raft/election")).history;
  assert.equal(api.judge(run, { as: "key-value" }).holds, true);
});

test("a figure is drawn", () => {
  const run = api.decodeLink("raft/election");
  const svg = api.draw(run, { width: 800, theme: "dark", from: 50, to: 160, at: 82 });
  assert.ok(svg.startsWith("<svg ") && svg.includes(">82 ms</text>"));
  assert.equal(svg.trim(), cli("draw", "raft/election", "--width", "800", "--theme", "dark", "--from", "50", "--to", "160", "--at", "82").stdout.trim());
});

test("an error has a code, a line and a sentence", () => {
  const run = api.decodeLink("raft/election");
  const cycle = { ...run };
  cycle.self = cycle;
  const deep = JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`);
  for (const [call, code, line] of [
    [() => api.parse("lightcone 1\nprotocol raft 1\nseed x\n"), "unexpected-word", 3],
    [() => api.parse(7), "wrong-form"],
    [() => api.format(), "wrong-form"],
    [() => api.decodeLink("#/run/AAAA"), "link-damaged"],
    [() => api.decodeLink("raft/none"), "unknown-run"],
    [() => api.simulate({ lightcone: 1, protocol: "rift" }), "unknown-protocol"],
    [() => api.simulate({ ...run, sead: 1 }), "wrong-form"],
    [() => api.simulate({ ...run, seed: 7n }), "wrong-form"],
    [() => api.simulate(cycle), "wrong-form"],
    [() => api.simulate({ ...run, script: deep }), "too-deep"],
    [() => api.simulate({ ...run, note: "x".repeat(1 << 21) }), "too-long"],
    [() => api.simulate({ ...run, lightcone: 2 }), "too-new"],
    [() => api.simulate(run, { until: -1 }), "out-of-bounds"],
    [() => api.simulate(run, { untill: 1 }), "wrong-form"],
    [() => api.judge("0 :invoke :frob 1"), "unfit", 1],
    [() => api.judge({ lightcone: 1, events: [{ process: 1, type: "ok" }] }), "disorder"],
    [() => api.write(run, "latex"), "wrong-form"],
    [() => api.write(run), "wrong-form"],
    [() => api.draw(run, { theme: "sepia" }), "wrong-form"],
    [() => api.draw(run, { width: 12 }), "out-of-bounds"],
  ]) {
    const error = thrown(call);
    assert.deepEqual([error.code, error.line], [code, line], `${call}: ${error.message}`);
    assert.match(error.message, /\.$/, `${call}: a sentence`);
  }
  assert.equal(api.parse(RAFT).protocol, "raft", "and all goes on");
});

test("the search takes nothing but what it knows", async () => {
  const run = api.parse(RAFT);
  await assert.rejects(api.check(run, { breaks: "x" }), { code: "unknown-name" });
  await assert.rejects(api.check(run, { breaks: "election-safety", reaches: "leader-elected" }), { code: "contradiction" });
  await assert.rejects(api.check(run, {}, "no function"), { code: "wrong-form" });
  await assert.rejects(api.check(run, { expect: ["hopes"] }), { code: "unknown-name" });
});

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const env = { ...process.env, LIGHTCONE: process.env.LIGHTCONE_CLI };
/** What Python says; null on a machine without it, which tests the examples in Node only. */
function python(...words) {
  const said = spawnSync("python3", words, { encoding: "utf8", env });
  assert.ok(said.error || said.status === 0, said.stderr);
  return said.error ? null : said.stdout;
}

test("the autograders grade a class alike, in Node and in Python", async () => {
  writeFileSync(join(home, "autograder.mjs"), readFileSync(join(examples, "autograder.mjs")));
  const { marks } = await import(join(home, "autograder.mjs"));
  const asked = api.question("2pc/leave-both-in-doubt");
  const handed = mkdtempSync(join(tmpdir(), "lightcone-class-"));
  after(() => rmSync(handed, { recursive: true, force: true }));
  const crash = (node, at) => api.format({ ...asked.scenario, moves: [{ edit: "crash", at, node }] });
  const answers = { anna: crash("TM", 68.3), bo: crash("P1", 1), cilla: crash("TM", 68.3), david: "#/run/xyz", eva: api.encodeLink(asked.scenario) };
  for (const [name, answer] of Object.entries(answers)) writeFileSync(join(handed, `${name}.scenario`), answer);
  const graded = marks("2pc/leave-both-in-doubt", handed);
  assert.deepEqual(graded.map(({ name, points }) => [name, points]), [["anna", 2], ["bo", 0], ["cilla", 2], ["david", 0], ["eva", 0]]);
  assert.deepEqual([graded[2].sameAs, graded[1].why.length > 0], ["anna", true]);
  const again = python(join(examples, "autograder.py"), "2pc/leave-both-in-doubt", handed);
  if (again) assert.deepEqual(JSON.parse(again), graded);
  for (const file of ["autograder.mjs", "autograder.py"]) {
    const lines = readFileSync(join(examples, file), "utf8").split("\n").filter((line) => line.trim());
    assert.ok(lines.length <= 20, `${file} has ${lines.length} lines`);
  }
});

test("the time to a leader is the same for 200 seeds in Node and in the notebook", () => {
  writeFileSync(join(home, "time-to-leader.mjs"), readFileSync(join(examples, "time-to-leader.mjs")));
  const csv = execFileSync("node", [join(home, "time-to-leader.mjs")], { encoding: "utf8" }).trim().split("\n");
  assert.equal(csv.length, 201);
  assert.ok(csv.slice(1).every((line) => /^\d+,\d+(\.\d+)?,\d+$/.test(line)), csv[1]);
  const { cells } = JSON.parse(readFileSync(join(examples, "time-to-leader.ipynb"), "utf8"));
  // What draws needs packages that not every machine has.
  const code = cells.filter(({ cell_type, source }) => cell_type === "code" && !/matplotlib|IPython/.test(source.join(""))).map(({ source }) => source.join(""));
  const said = python("-c", `${code.join("\n")}\nprint(json.dumps(times))`);
  if (said) assert.deepEqual(JSON.parse(said.trim().split("\n").at(-1)), csv.slice(1).map((line) => Number(line.split(",")[1])));
});

test("the snippets of the manual run", async () => {
  const manual = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const section = manual.split("## From scripts and notebooks")[1].split("\n## ")[0];
  const snippets = [...section.matchAll(/```js\n([\s\S]*?)```/g)].map((found) => found[1]);
  assert.ok(snippets.length > 0);
  for (const [number, snippet] of snippets.entries()) {
    const file = join(home, `snippet-${number}.mjs`);
    writeFileSync(file, snippet);
    execFileSync("node", [file], { cwd: home, encoding: "utf8" });
  }
  const commands = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((found) => found[1].trim().split("\n"));
  for (const command of commands.filter((line) => line.startsWith("lightcone "))) {
    const said = cli(...command.split("#")[0].trim().split(/\s+/).slice(1));
    assert.notEqual(said.status, 2, `${command}: ${said.stderr}`);
    assert.ok(JSON.parse(said.stdout).lightcone === 1, command);
  }
});

test("the module keeps to its budget", () => {
  // Without protocols, their runs and challenges, which only grow. The goal is 200 kB gzip; what the module does weighs more than twice that.
  const BUDGET = 460_000;
  const size = (folder) => ["lightcone_bg.wasm", "lightcone.js"].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0);
  const [whole, bare] = [size(process.env.LIGHTCONE_API), size(process.env.LIGHTCONE_API_BARE)];
  console.log(`${(whole / 1000).toFixed(1)} kB gzip with all protocols and runs, ${(bare / 1000).toFixed(1)} kB without`);
  assert.ok(bare < BUDGET, `${bare} bytes`);
});
