// The example pages that stand beside the page, each of which treats its content as one kind of host does.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { NARROW, TOP, becomes, blank, shot } from "../lightcone.mjs";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

async function example(t, name, options) {
  // The examples have no icon, and a page of a folder does not ask for one in vain.
  const page = await blank(t, { allow: [/favicon/, /404/, /style-src/], ...options });
  await page.goto(`${TOP}examples/${name}`);
  return page;
}

const figures = (page) => page.locator("light-cone iframe");
const live = (page, place = 0) => figures(page).nth(place).contentFrame().locator(".live svg.fig").waitFor();

test("a plain page has a living figure", async (t) => {
  const page = await example(t, "");
  await live(page);
  await shot(page, "example-plain");
});

test("without JavaScript a plain page has the picture of the run, and a link", async (t) => {
  const page = await example(t, "", { javaScriptEnabled: false });
  const link = page.getByRole("link", { name: "A leader election in Raft" });
  await link.waitFor();
  const { width, height } = await link.locator("img").boundingBox();
  assert.ok(width === 720 && height > 250, `${width} by ${height}`);
  await shot(page, "example-no-javascript");
});

test("a figure on a hidden slide loads nothing until the slide is shown, and stays when it is hidden again", async (t) => {
  const page = await example(t, "slides.html");
  await live(page);
  assert.equal(await figures(page).count(), 1);
  const next = page.getByRole("button", { name: "Next slide" });
  await next.click();
  await becomes(() => figures(page).count(), 2);
  await live(page, 1);
  await next.click();
  await live(page);
  assert.equal(await figures(page).count(), 2);
});

test("content that takes the place of other content has its own figure", async (t) => {
  const page = await example(t, "instant.html", { allow: [/ERR_ABORTED/, /favicon/, /404/] });
  await live(page);
  for (const heading of ["Clocks", "Elections"]) {
    await page.getByRole("button").click();
    await page.getByRole("heading", { name: heading }).waitFor();
    await live(page);
    assert.equal(await figures(page).count(), 1);
  }
});

test("the output of a cell that runs twice is one figure", async (t) => {
  const page = await example(t, "notebook.html", { allow: [/ERR_ABORTED/, /favicon/, /404/] });
  for (let count = 0; count < 2; count += 1) {
    await page.getByRole("button", { name: "Run the cell" }).click();
    await live(page);
    assert.equal(await figures(page).count(), 1);
  }
});

test("a frame alone is enough where nothing else is let in, also without JavaScript around it, and on a phone", async (t) => {
  const page = await example(t, "sanitised.html", { size: NARROW });
  await page.frameLocator("iframe").locator(".live svg.fig").waitFor();
});

test("the lines of the README are a living figure", async (t) => {
  const page = await blank(t);
  const [, lines] = /```html\n(<script[^`]*light-cone[^`]*)```/.exec(README);
  const body = lines.replaceAll("https://your.host/lightcone/", TOP);
  await page.route("**/examples/readme.html", (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>x</title>${body}` }));
  await page.goto(`${TOP}examples/readme.html`);
  await live(page);
});

test("a page that is opened as a file has a living figure from a web server", async (t) => {
  const page = await blank(t);
  const [, lines] = /```html\n(<script[^`]*light-cone[^`]*)```/.exec(README);
  const folder = mkdtempSync(join(tmpdir(), "lightcone-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "page.html");
  writeFileSync(file, `<!doctype html><html lang="en"><title>x</title>${lines.replaceAll("https://your.host/lightcone/", TOP)}`);
  await page.goto(pathToFileURL(file).href);
  await live(page);
});

test("in print, the figure is there as it stood", async (t) => {
  const page = await example(t, "");
  await live(page);
  await page.emulateMedia({ media: "print" });
  const box = await figures(page).boundingBox();
  assert.ok(box.height > 300 && box.width > 300, JSON.stringify(box));
  await shot(page, "example-print");
});
