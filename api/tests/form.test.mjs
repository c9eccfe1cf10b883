// What the API and the command line say is one form: the published JSON Schemas and TypeScript types describe it, for every run of the
// gallery. ajv and typescript are among the packages of `e2e/`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const { default: Ajv } = createRequire(new URL("../../e2e/package.json", import.meta.url))("ajv/dist/2020.js");
const api = await import(join(process.env.LIGHTCONE_API, "node.js"));
const cli = (...words) => spawnSync(process.env.LIGHTCONE_CLI, words, { encoding: "utf8", maxBuffer: 1 << 28 });
const { protocols } = api.protocols();
const names = protocols.flatMap((protocol) => protocol.runs.map((run) => run.name));
const challenges = protocols.flatMap((protocol) => protocol.challenges.map((challenge) => challenge.name));

/** The formats that the schemas name: whole numbers within their bounds. */
const whole = (least, most) => ({ type: "number", validate: (number) => Number.isInteger(number) && least <= number && number <= most });
const formats = {
  uint8: whole(0, 255),
  uint16: whole(0, 65_535),
  uint32: whole(0, 2 ** 32 - 1),
  uint64: whole(0, Number.MAX_SAFE_INTEGER),
  int32: whole(-(2 ** 31), 2 ** 31 - 1),
  int64: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  double: { type: "number", validate: Number.isFinite },
};
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, formats });
const folder = new URL("../schema/", import.meta.url);
const schemas = Object.fromEntries(
  readdirSync(folder).map((file) => [file.replace(".json", ""), ajv.compile(JSON.parse(readFileSync(new URL(file, folder), "utf8")))]),
);

/** Fails unless a value has the form of a schema. */
function holds(schema, value, about) {
  const wrong = schemas[schema](value) ? [] : schemas[schema].errors.slice(0, 3).map(({ instancePath, message }) => `${instancePath} ${message}`);
  assert.deepEqual(wrong, [], `${about} as ${schema}.json`);
}

test("every run of the gallery has the published form, from the API and from the command line", async () => {
  assert.ok(names.length > 100, `${names.length} runs`);
  for (const name of names) {
    const scenario = api.decodeLink(name);
    holds("scenario", scenario, name);
    const trace = api.simulate(scenario, { states: true });
    holds("trace", trace, name);
    holds("history", trace.history, name);
    const checked = await api.check(scenario, { search: false });
    holds("checked", checked, name);
    const exported = cli("export", name, "--format", "json", "--states").stdout;
    assert.deepEqual(JSON.parse(exported), trace, `${name}: the command line prints the same run`);
    for (const form of ["scenario", "test", "shiviz", "edn", "text"]) {
      assert.equal(cli("export", name, "--as", form).stdout.trim(), api.write(scenario, form).trim(), `${name} as ${form}`);
    }
    const printed = JSON.parse(cli("check", name, "--no-search", "--format", "json").stdout);
    holds("checked", printed, `${name} from the command line`);
    // The command line holds a run to its own file as well.
    assert.deepEqual({ ...printed, expected: [] }, checked, `${name}: the command line says the same`);
    assert.ok(printed.expected.every(({ met }) => met), `${name} is as its file says`);
  }
});

test("what a search finds, a judge says and a protocol is have the published form", async () => {
  holds("protocols", api.protocols(), "all protocols");
  for (const { id, flaws } of protocols) {
    const flawed = { lightcone: 1, protocol: id, flaws: flaws.slice(0, 1).map((flaw) => flaw.id) };
    const bounds = { states: 3_000, depth: 6, expect: ["holds"] };
    holds("bounds", bounds, "bounds");
    holds("checked", await api.check(flawed, bounds), `a search in ${id}`);
  }
  const text = "0 :invoke :write 2\n0 :ok :write 2\n1 :invoke :read nil\n1 :ok :read 1\n";
  for (const options of [{}, { as: "register", initial: 1 }, { sequential: true }]) holds("judgement", api.judge(text, options), "a judgement");
  const judged = spawnSync(process.env.LIGHTCONE_CLI, ["judge", "-", "--format", "json"], { input: text, encoding: "utf8" });
  assert.deepEqual(JSON.parse(judged.stdout), api.judge(text));
});

test("every challenge has the published form, and its own solution solves it, here and on the command line", () => {
  assert.ok(challenges.length > 20, `${challenges.length} challenges`);
  for (const name of challenges) {
    const asked = api.question(name);
    holds("question", asked, name);
    assert.deepEqual(JSON.parse(cli("grade", name, "--format", "json").stdout), asked, `${name}: the command line says the same`);
    assert.deepEqual(api.question(asked.link), asked, `${name}: its link asks the same`);
    const protocol = name.split("/")[0];
    const chapter = protocols.find(({ id }) => id === protocol).id;
    const text = readFileSync(new URL(`../../core/content/challenges/${chapter}/${name.split("/")[1]}.scenario`, import.meta.url), "utf8");
    const bare = api.format(asked.scenario);
    const answers = [{ name: "its file", answer: text }, { name: "nothing done", answer: bare }, { name: "no link", answer: "#/run/xyz" }];
    const grades = api.grade(name, answers);
    holds("grades", grades, name);
    assert.deepEqual([grades.answers[0].result, grades.answers[2].result], ["solved", "no-answer"], `${name}: ${grades.answers[0].why}`);
    assert.ok(grades.par === undefined || grades.answers[0].moves === grades.par, `${name}: at par`);
    // The same answers, as files in a folder. Their names are in the order of the alphabet.
    const handed = mkdtempSync(join(tmpdir(), "lightcone-answers-"));
    answers.forEach(({ answer }, place) => writeFileSync(join(handed, `${place}.txt`), answer));
    const printed = JSON.parse(cli("grade", name, handed, "--format", "json").stdout);
    rmSync(handed, { recursive: true });
    const unnamed = ({ answers, ...table }) => ({ ...table, answers: answers.map(({ name, sameAs, ...row }) => ({ ...row, same: sameAs !== undefined })) });
    assert.deepEqual(unnamed(printed), unnamed(grades), `${name}: the command line grades the same`);
  }
});

test("errors have the published form", () => {
  for (const call of [() => api.parse("lightcone 1\nprotocol raft 1\nseed x\n"), () => api.grade("nothing", []), () => api.simulate({})]) {
    assert.throws(call, ({ code, line, message }) => {
      holds("error", JSON.parse(JSON.stringify({ code, line, message })), message);
      return true;
    });
  }
});

test("JSON is read up to 1 MiB and 32 levels, and no further", () => {
  const run = api.decodeLink("lamport/figure");
  const code = (value) => {
    try {
      api.simulate(value);
      return undefined;
    } catch (error) {
      return error.code;
    }
  };
  const inside = (depth) => JSON.parse(`${"[".repeat(depth)}1${"]".repeat(depth)}`);
  // The object itself is one level, the list another.
  assert.equal(code({ ...run, script: inside(31) }), "wrong-form");
  assert.equal(code({ ...run, script: inside(32) }), "too-deep");
  const length = JSON.stringify({ ...run, note: "" }).length;
  const long = (bytes) => code({ ...run, note: "x".repeat(bytes - length) });
  assert.equal(long(1 << 20), "out-of-bounds", "a note may not be so long, but the text is read");
  assert.equal(long((1 << 20) + 1), "too-long");
  const text = JSON.stringify(run);
  const read = (input) => spawnSync(process.env.LIGHTCONE_CLI, ["check", "-", "--no-search"], { input, encoding: "utf8" });
  assert.equal(read(text + " ".repeat((1 << 20) - text.length)).status, 0);
  assert.match(read(text + " ".repeat((1 << 20) - text.length + 1)).stderr, /1048576 bytes|1024 KiB/);
});

test("the types of the package are those of what it says", (t) => {
  const home = mkdtempSync(join(tmpdir(), "lightcone-types-"));
  t.after(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, "node_modules"));
  symlinkSync(process.env.LIGHTCONE_API, join(home, "node_modules/lightcone"));
  writeFileSync(join(home, "package.json"), '{"type":"module"}');
  const tsc = fileURLToPath(new URL("../../e2e/node_modules/.bin/tsc", import.meta.url));
  const told = (source) => {
    writeFileSync(join(home, "use.ts"), source);
    const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext", "--types", ""];
    return spawnSync(tsc, [...options, "use.ts"], { cwd: home, encoding: "utf8" }).stdout.trim();
  };
  const use = readFileSync(new URL("types.ts", import.meta.url), "utf8");
  assert.equal(told(use), "");
  for (const [wrong, said] of [
    ["simulate({ protocol: 'raft' });", "lightcone"],
    ["check(run, { deep: 1 });", "deep"],
    ["const word: 'held' = simulate(run).verdicts[0]!.verdict;", "held"],
    ["grade('2pc', [{ name: 'Bo' }]);", "answer"],
  ]) {
    assert.match(told(use + wrong), new RegExp(`error TS.*${said}`, "s"), wrong);
  }
});
