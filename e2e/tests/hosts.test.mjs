// From the explorer to a living figure in somebody else's page, one of each kind of `www/examples/`, on another origin under a strict
// policy. It counts what a teacher does, and prints that, what a browser fetches, and how long it took: the time is told, not judged.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { EMBED, NARROW, TOP, blank, open, shot } from "../lightcone.mjs";

const HOME = new URL(TOP).origin;
const POLICY = `default-src 'none'; img-src data:; script-src 'self' ${HOME}; frame-src ${HOME}`;
const FRAMES_ONLY = `default-src 'none'; img-src data:; frame-src ${HOME}`;
const ICON = '<link rel="icon" href="data:,">';
const example = (name) => readFileSync(new URL(`../../www/examples/${name}`, import.meta.url), "utf8");

const table = [];
after(() => console.log(["host | policy | clicks | seconds | kB gzip, files", ...table].join("\n")));

/** What Share's tab says for other pages, and what it takes to have it. */
async function shared(t, frame) {
  const page = await open(t, { at: "#/raft/election?at=98", permissions: ["clipboard-read", "clipboard-write"] });
  const begun = performance.now();
  let clicks = 0;
  const click = async (control) => {
    clicks += 1;
    await control.click();
  };
  await click(page.getByRole("button", { name: "Share" }));
  const dialog = page.getByRole("dialog", { name: "Share this run" });
  await click(dialog.getByRole("tab", { name: "Embed", exact: true }));
  if (frame) await click(dialog.getByRole("radio", { name: /^Frame/ }));
  await click(dialog.getByRole("button", { name: "Copy" }));
  await dialog.getByRole("button", { name: "Copied" }).waitFor();
  return { snippet: await page.evaluate(() => navigator.clipboard.readText()), clicks, begun };
}

/** A page of `www/examples/` with the snippet where it has its own figures, as files by name. */
function host(name, snippet) {
  const [script, figure] = snippet.split("\n");
  const files = { "/": example(name).replace("<head>", `<head>${ICON}`).replace(/<meta http-equiv[^>]*>\n/, "") };
  if (figure) files["/"] = files["/"].replace(/<script[^>]*lightcone\.js[^>]*><\/script>/, script).replace(/<light-cone[^]*?<\/light-cone>/, figure);
  else files["/"] = files["/"].replace(/<iframe[^]*?<\/iframe>/, snippet);
  const [, own] = /<script type="module" src="([a-z]+\.js)">/.exec(files["/"]) ?? [];
  if (own) files[`/${own}`] = example(own).replace(/const OUTPUT = .*;/, `const OUTPUT = ${JSON.stringify(snippet)};`);
  return files;
}

async function serve(t, files, policy) {
  const server = createServer(({ url }, answer) => {
    answer.writeHead(files[url] ? 200 : 404, { "content-type": url.endsWith(".js") ? "text/javascript" : "text/html", "content-security-policy": policy });
    answer.end(files[url] ?? "");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Everything that a page fetches of Lightcone, by address, as it weighs when a host compresses it. */
function weighs(page) {
  const sizes = new Map();
  const pending = [];
  page.on("response", (answer) => {
    // Letters come after the figure can be used, once for all pages.
    if (!answer.url().startsWith(TOP) || answer.url().endsWith(".woff2")) return;
    const sized = async () => sizes.set(answer.url(), gzipSync(await answer.body(), { level: 9 }).length);
    pending.push(sized().catch(() => {}));
  });
  return async () => {
    await Promise.all(pending);
    return [[...sizes.values()].reduce((sum, size) => sum + size, 0), sizes.size];
  };
}

const HOSTS = [
  ["plain HTML", "index.html", { policy: POLICY }],
  ["reveal.js: a slide", "slides.html", { policy: POLICY }],
  ["MkDocs: instant navigation", "instant.html", { policy: POLICY }],
  ["a notebook's output", "notebook.html", { policy: POLICY, before: (page) => page.getByRole("button", { name: "Run the cell" }).click() }],
  ["Moodle, Canvas: frames only", "sanitised.html", { policy: FRAMES_ONLY, frame: true }],
  ["plain HTML on a phone", "index.html", { policy: POLICY, size: NARROW }],
];

for (const [name, file, { policy, frame = false, before, size = EMBED }] of HOSTS) {
  test(`a figure comes from the explorer into ${name}`, async (t) => {
    const { snippet, clicks, begun } = await shared(t, frame);
    const address = await serve(t, host(file, snippet), policy);
    const page = await blank(t, { size, allow: [/404/] });
    const weight = weighs(page);
    await page.goto(address);
    await before?.(page);
    const inside = (frame ? page.frameLocator("iframe") : page.locator("light-cone iframe").first().contentFrame());
    const start = inside.getByRole("button", { name: "Start the figure" });
    await start.waitFor();
    const [poster] = await weight();
    await start.click();
    await inside.locator(".live svg.fig, body > :not(.still) svg.fig").first().waitFor();
    await inside.getByRole("application").waitFor();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const [whole, count] = await weight();
    const kilo = (bytes) => (bytes / 1000).toFixed(0);
    table.push(`${name} | ${frame ? "frame-src" : "script-src, frame-src"} | ${clicks} + 1 to start | ${seconds} | ${kilo(poster)} before it is pressed, ${kilo(whole)} alive, ${count}`);
    assert.ok(clicks <= (frame ? 4 : 3), `${clicks} clicks`);
    assert.ok(poster < 30_000, `${poster} bytes before anybody presses`);
    await shot(page, `host-${file.replace(".html", "")}-${size === NARROW ? "phone" : "wide"}`);
  });
}

test("a figure comes from the explorer into a page that is opened as a file", async (t) => {
  const { snippet, clicks, begun } = await shared(t, false);
  const folder = mkdtempSync(join(tmpdir(), "lightcone-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "page.html"), host("index.html", snippet)["/"]);
  const page = await blank(t, { size: EMBED });
  await page.goto(pathToFileURL(join(folder, "page.html")).href);
  const inside = page.locator("light-cone iframe").contentFrame();
  await inside.getByRole("button", { name: "Start the figure" }).click();
  await inside.getByRole("application").waitFor();
  table.push(`a file on disk | none | ${clicks} + 1 to start | ${((performance.now() - begun) / 1000).toFixed(1)} | as plain HTML`);
});

test("without JavaScript the shared lines are a link, and in print the picture", async (t) => {
  const { snippet } = await shared(t, false);
  const address = await serve(t, host("index.html", snippet), POLICY);
  const bare = await blank(t, { javaScriptEnabled: false });
  await bare.goto(address);
  const link = bare.getByRole("link", { name: "A leader election" });
  assert.match(await link.getAttribute("href"), /#\/raft\/election\?at=98$/);
  await shot(bare, "host-no-javascript");
  const page = await blank(t, { size: EMBED });
  await page.goto(address);
  await page.locator("light-cone iframe").contentFrame().locator(".still svg.fig").waitFor();
  await page.emulateMedia({ media: "print" });
  const box = await page.locator("light-cone iframe").boundingBox();
  assert.ok(box.height > 300 && box.width > 300, JSON.stringify(box));
  await shot(page, "host-print");
});
