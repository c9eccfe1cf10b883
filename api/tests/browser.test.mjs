// The module in a page of somebody else's, in Chromium, under a policy that lets in nothing but the package.
import assert from "node:assert/strict";
import { createReadStream, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";

const { chromium } = createRequire(new URL("../../e2e/package.json", import.meta.url))("playwright-core");
const node = await import(join(process.env.LIGHTCONE_API, "node.js"));
const POLICY = "default-src 'none'; img-src data:; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
const PAGES = {
  "/page.html": '<!doctype html><title>x</title><link rel="icon" href="data:,">',
  "/worker.js": `import init, { simulate, decodeLink } from "./lightcone.js";
    await init();
    postMessage(simulate(decodeLink("raft/figure-8")).digest);`,
};

let browser, server, address;
const asked = [];
before(async () => {
  server = createServer((request, answer) => {
    const path = new URL(request.url, "http://x").pathname;
    asked.push(path);
    answer.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain", "content-security-policy": POLICY });
    if (PAGES[path]) return answer.end(PAGES[path]);
    createReadStream(join(process.env.LIGHTCONE_API, path)).on("error", () => answer.end()).pipe(answer);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** A page in which the module has begun. */
async function opened() {
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${address}page.html`);
  await page.evaluate(async () => {
    globalThis.api = await import("./lightcone.js");
    await api.default();
  });
  return { page, complaints };
}

test("a browser gives what node gives, and fetches the script and its wasm", async () => {
  asked.length = 0;
  const { page, complaints } = await opened();
  const names = node.protocols().protocols.map(({ runs }) => runs[0].name);
  const digests = await page.evaluate((names) => names.map((name) => api.simulate(api.decodeLink(name)).digest), names);
  assert.deepEqual(digests, names.map((name) => node.simulate(node.decodeLink(name)).digest));
  const said = await page.evaluate(() => {
    const run = api.decodeLink("raft/election");
    const { verdicts, history } = api.simulate(run);
    const thrown = [];
    try {
      api.parse("nonsense");
    } catch (error) {
      thrown.push(error instanceof Error, error.code);
    }
    const [asked] = api.protocols().protocols.flatMap(({ challenges }) => challenges);
    return { link: api.encodeLink(run), text: api.format(run), verdicts, judged: api.judge(history, { as: "key-value" }).holds, drawn: api.draw(run).slice(0, 5), asked: api.question(asked.name).hash, thrown };
  });
  const run = node.decodeLink("raft/election");
  assert.deepEqual([said.link, said.text, said.verdicts], [node.encodeLink(run), node.format(run), node.simulate(run).verdicts]);
  assert.deepEqual([said.judged, said.drawn, said.thrown], [true, "<svg ", [true, "not-a-scenario"]]);
  assert.deepEqual(asked, ["/page.html", "/lightcone.js", "/lightcone_bg.wasm"]);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a search in a page lets the page live, and stops when it is told to", async () => {
  const { page } = await opened();
  const told = await page.evaluate(async () => {
    const stop = new AbortController();
    let frames = 0;
    const count = () => (frames += 1, requestAnimationFrame(count));
    requestAnimationFrame(count);
    const search = api.check(api.decodeLink("raft"), { depth: 40 }, () => frames > 3 && stop.abort(), stop.signal);
    return [await search.catch(({ name }) => name), frames > 3];
  });
  assert.deepEqual(told, ["AbortError", true]);
  await page.close();
});

test("it runs in a worker, which has no document", async () => {
  const page = await browser.newPage();
  await page.goto(`${address}page.html`);
  const digest = await page.evaluate(() => new Promise((yes, no) => {
    const worker = new Worker("worker.js", { type: "module" });
    worker.onmessage = ({ data }) => yes(data);
    worker.onerror = no;
  }));
  assert.equal(digest, node.simulate(node.decodeLink("raft/figure-8")).digest);
  await page.close();
});

test("the manual's snippet runs in a page as the page for teachers runs it", async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, code] = /```js\n(import \{[^]*?)```/.exec(readme);
  const run = code.replace("import {", "import init, {").replace('from "lightcone";', 'from "./lightcone.js";\nawait init();');
  assert.notEqual(run, code);
  PAGES["/snippet.js"] = run;
  const page = await browser.newPage();
  await page.goto(`${address}page.html`);
  const said = await page.evaluate(async () => {
    const said = [];
    console.log = (...words) => said.push(words.length);
    await import("./snippet.js");
    return said.length;
  });
  // How often the search says how far it is depends on the machine; each of the snippet's five other prints comes.
  assert.ok(said >= 5, `${said} lines`);
  await page.close();
});
