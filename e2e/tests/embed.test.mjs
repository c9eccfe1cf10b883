// A run inside another page: it takes its options from its address, leaves that address alone, and asks nothing
// of the page around it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { EMBED, IN_PATH, TOP, axe, becomes, blank, drag, head, open, shot } from "../lightcone.mjs";

const ELECTION = "#/embed/raft/election";
const digestOf = (page) => page.locator("main.stage").getAttribute("data-digest");

/** A page of somebody else's, on another origin, with `inside` as its body. */
async function host(t, inside) {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" });
    answer.end(`<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,"><body>${inside}</body></html>`);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

const iframe = (address, more = "") =>
  `<iframe title="A run" width="800" height="460" src="${address}" ${more}></iframe>`;

test("an embedded run has its title, a way out, the figure and a bar, and keeps its address", async (t) => {
  const page = await open(t, { at: `${ELECTION}?at=98`, size: EMBED });
  const address = page.url();
  await page.getByRole("heading", { name: "A leader election" }).waitFor();
  await page.getByText("3 hold, 6 not tested").waitFor();
  const out = page.getByRole("link", { name: "Open in Lightcone" });
  assert.equal(await out.getAttribute("target"), "_blank");
  const before = await digestOf(page);
  await drag(page, head(page, "S1-S3-Vote-1"), 60, 0);
  await becomes(async () => (await digestOf(page)) === before, false);
  assert.equal(page.url(), address);
  const whole = await out.getAttribute("href");
  assert.match(whole, /#\/run\/.*\?at=/);
  const other = await blank(t);
  await other.goto(whole);
  await becomes(() => other.locator("main.explorer").getAttribute("data-digest"), await digestOf(page));
});

test("with editing off it is a picture that plays", async (t) => {
  const page = await open(t, { at: `${ELECTION}?edit=no&at=60`, size: EMBED });
  await page.getByRole("img", { name: /Raft/ }).waitFor();
  const before = await digestOf(page);
  await drag(page, head(page, "S1-S3-Vote-1"), 60, 0);
  assert.equal(await digestOf(page), before);
  await page.getByRole("button", { name: "Next event" }).click();
  await becomes(async () => Number(await page.getByRole("slider").getAttribute("aria-valuenow")) > 60, true);
});

test("without controls there is only the figure", async (t) => {
  const page = await open(t, { at: `${ELECTION}?controls=no`, size: EMBED });
  await page.locator("svg.fig").waitFor();
  assert.equal(await page.getByRole("button", { name: "Play" }).count(), 0);
});

test("a poster stands still until the reader starts it", async (t) => {
  const page = await open(t, { at: `${ELECTION}?poster=yes&at=60`, size: EMBED });
  await page.getByRole("img", { name: /Raft/ }).waitFor();
  await page.getByRole("button", { name: "Start the figure" }).click();
  await page.getByRole("application").waitFor();
  await page.getByRole("button", { name: "Stop" }).waitFor();
});

test("its colours are the host's choice", async (t) => {
  const page = await open(t, { at: `${ELECTION}?theme=dark`, size: EMBED, colorScheme: "light" });
  await page.locator("svg.fig").waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
});

test("in a sandbox, on another origin, with its storage denied, it runs and is dragged", async (t) => {
  const around = await host(t, iframe(`${TOP}${ELECTION}`, 'sandbox="allow-scripts"'));
  const page = await blank(t);
  await page.goto(around);
  const inside = page.frameLocator("iframe");
  await inside.locator("svg.fig").waitFor();
  const before = await inside.locator("main.stage").getAttribute("data-digest");
  const vote = inside.locator('[data-message="S1-S3-Vote-1"] .hit');
  await drag(page, vote, 60, 0);
  await becomes(async () => (await inside.locator("main.stage").getAttribute("data-digest")) === before, false);
  assert.equal(await inside.locator("body").evaluate(() => {
    try {
      return String(localStorage);
    } catch {
      return "denied";
    }
  }), "denied");
});

test("the first page in a sandbox is there before the program, and comes alive", async (t) => {
  const around = await host(t, iframe(IN_PATH, 'sandbox="allow-scripts"'));
  const page = await blank(t);
  await page.goto(around);
  const inside = page.frameLocator("iframe");
  await inside.getByRole("heading", { name: "Consensus" }).waitFor();
  await inside.locator(".herofig .live .hit").first().waitFor();
  await inside.getByRole("searchbox").fill("figure 8");
  await inside.locator(".found b", { hasText: "Figure 8: " }).first().waitFor();
});

test("the wheel scrolls the host page, and a figure out of sight stands still", async (t) => {
  const around = await host(t, `${iframe(`${IN_PATH}${ELECTION}?autoplay=yes`)}<div style="height:3000px"></div>`);
  const page = await blank(t);
  await page.goto(around);
  const inside = page.frameLocator("iframe");
  await inside.getByRole("button", { name: "Stop" }).waitFor();
  await page.mouse.move(300, 200);
  await page.mouse.wheel(0, 1500);
  await becomes(() => page.evaluate(() => scrollY > 1000), true);
  const now = () => inside.getByRole("slider").getAttribute("aria-valuenow");
  await becomes(async () => {
    const [before, after] = [await now(), (await page.evaluate(() => new Promise(requestAnimationFrame)), await now())];
    return before === after;
  }, true);
});

test("Escape gives the keyboard back to the host page", async (t) => {
  const around = await host(t, `<button>Before</button>${iframe(`${TOP}${ELECTION}`)}`);
  const page = await blank(t);
  await page.goto(around);
  const inside = page.frameLocator("iframe");
  await inside.getByRole("application").focus();
  await page.keyboard.press("Escape");
  await becomes(() => page.evaluate(() => document.activeElement?.tagName), "BODY");
});

test("a bad link in an embedded figure says so and what still works", async (t) => {
  const page = await open(t, { at: "#/embed/run/xyz", size: EMBED });
  await page.getByRole("heading", { name: "This link is damaged" }).waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`embedded figures look right and are clean for axe, ${colorScheme}`, async (t) => {
    for (const [name, size] of [["wide", EMBED], ["narrow", { width: 390, height: 640 }]]) {
      const page = await open(t, { at: "#/embed/raft/stale-read-from-deposed-leader", size, colorScheme });
      await page.locator("svg.fig").waitFor();
      await axe(page);
      await shot(page, `embed-${name}-${colorScheme}`);
    }
  });
}
