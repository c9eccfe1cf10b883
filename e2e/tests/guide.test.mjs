// The page for teachers, made out of the README: its snippets run where they stand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, TOP, WIDE, axe, becomes, blank, shot } from "../lightcone.mjs";

const guide = async (t, options) => {
  const page = await blank(t, options);
  await page.goto(`${TOP}guide/`);
  await page.getByRole("heading", { name: "In your own course" }).waitFor();
  return page;
};

test("the lines for a page are followed by what they show", async (t) => {
  const page = await guide(t);
  await page.locator("light-cone iframe").first().contentFrame().locator(".live svg.fig").waitFor();
  const text = await page.locator("pre", { hasText: "<light-cone run=" }).first().innerText();
  assert.match(text, /^<script type="module" src="https:\/\/your\.host\/lightcone\/lightcone\.js"><\/script>\n<light-cone /);
});

test("a snippet for a page's script runs, and says so", async (t) => {
  const page = await guide(t);
  const figure = page.locator("light-cone").first();
  await figure.locator("iframe").contentFrame().locator(".live svg.fig").waitFor();
  const snippet = page.locator(".runs").first();
  // By key: Chromium sends a press of the mouse to the frame that stood there before the page scrolled a moment ago.
  await snippet.getByRole("button", { name: "Run" }).press("Enter");
  await snippet.getByText("It is done.").waitFor();
  await becomes(() => figure.evaluate(async (each) => (await each.state()).link.replace(/^.*#/, "")), "/raft/election");
});

test("a snippet that needs the package says what is missing where that is not there", async (t) => {
  const page = await guide(t, { allow: [/404/, /Failed to (load|fetch)/, /ERR_ABORTED/] });
  const snippet = page.locator(".runs").nth(1);
  await snippet.getByRole("button", { name: "Run" }).press("Enter");
  await becomes(async () => (await snippet.getByRole("status").innerText()).length > 10, true);
  await snippet.getByRole("button", { name: "Run", disabled: false }).waitFor();
});

test("every link of the page leads somewhere", async (t) => {
  const page = await guide(t);
  const links = await page.locator("a[href]").evaluateAll((all) => all.map(({ href }) => href));
  assert.ok(links.length > 8, `${links.length} links`);
  for (const link of links.filter((link) => link.startsWith(TOP))) {
    const [file, part] = link.split("#");
    assert.equal((await fetch(file)).status, 200, link);
    if (part && file === page.url()) assert.equal(await page.locator(`[id="${part}"]`).count(), 1, link);
  }
});

for (const [name, size] of [["wide", WIDE], ["narrow", NARROW]]) {
  test(`the page for teachers fits and is accessible, ${name}`, async (t) => {
    const page = await guide(t, { size, allow: [/inline style/, /preload assets/, /ERR_ABORTED/] });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the page");
    await shot(page, `guide-${name}`, { fullPage: true });
    // Two figures of one run have the same landmarks; each is tried by itself elsewhere.
    await page.evaluate(() => document.querySelectorAll("light-cone, iframe").forEach((figure) => figure.remove()));
    await axe(page);
  });
}
