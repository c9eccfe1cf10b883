// A run inside another page: it takes its options from its address, leaves that address alone, and asks nothing
// of the page around it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { EMBED, IN_PATH, NARROW, TOP, alive, axe, becomes, blank, drag, head, open, shot, tabTo } from "../lightcone.mjs";

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

/** Whether anything of the program was asked for. */
function listens(page) {
  const asked = [];
  page.on("request", (request) => /\.wasm|\.bin|lightcone-web/.test(request.url()) && asked.push(request.url()));
  return asked;
}

const still = (page) => page.locator(".still");

/** Nothing else ever happens less than now: the program comes only when the reader is at the poster. */
const busy = (page) => page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));

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
  const page = await open(t, { at: `${ELECTION}?poster=yes&at=60`, size: EMBED, still: true });
  const asked = listens(page);
  await page.getByRole("img", { name: /Raft/ }).waitFor();
  await page.evaluate(() => new Promise((rest) => requestIdleCallback(rest)));
  assert.deepEqual(asked, []);
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
  await inside.locator(".live svg.fig").waitFor();
  await alive(inside);
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

/** Where the parts of an embedded run stand, in whole pixels: of two runs, the upper one. */
async function places(page, run) {
  const places = {};
  for (const part of [".eh h1", ".eh .logo", ".figure-box", ".ef .play", ".ef .mini", ".ef .verdict-line", "svg.fig"]) {
    const { x, y, width, height } = await page.locator(`${run} ${part}`).first().boundingBox();
    places[part] = [x, y, width, height].map(Math.round);
  }
  return places;
}

for (const [name, size] of Object.entries({ wide: EMBED, narrow: { width: 390, height: 460 }, tall: NARROW })) {
  for (const run of ["raft/election", "paxos/dueling-proposers", "test-and-set/cannot-tell-cut"]) {
    test(`the live figure of ${run} stands where its poster stood, ${name}`, async (t) => {
      const page = await open(t, { at: `#/embed/${run}`, size, before: busy, still: true });
      await still(page).waitFor();
      // Titles have another width in the letters that stand until the page's own have come.
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      const before = await places(page, ".still");
      await page.mouse.move(size.width / 2, size.height / 2);
      await page.locator(".live svg.fig").first().waitFor();
      await alive(page);
      assert.deepEqual(await places(page, "body"), before);
      const shifts = await page.evaluate(() => new Promise((list) => {
        new PerformanceObserver((all) => list(all.getEntries().map(({ value }) => value))).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => list([])));
      }));
      // Letters of the page's own fonts are a little wider than those that stand first.
      assert.ok(shifts.every((value) => value < 0.05), `${shifts}`);
    });
  }
}

test("with the program blocked, the poster stays, says so, and can be tried again", async (t) => {
  const allow = [/wasm/, /Failed to load resource/, /Failed to fetch/, /preloaded using link preload/, /Error/];
  const page = await blank(t, { size: EMBED, allow });
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(TOP + ELECTION);
  await page.getByRole("alert").filter({ hasText: "Lightcone did not load. This is a picture of the run." }).waitFor();
  await page.getByRole("img", { name: /^Raft: 5 lanes/ }).locator("svg.fig").waitFor();
  await axe(page);
  await shot(page, "poster-stays");
  await page.unroute("**/*.wasm");
  await tabTo(page, page.getByRole("button", { name: "Try again" }));
  await page.keyboard.press("Enter");
  await page.getByRole("application").waitFor();
});

test("without WebAssembly the poster stands, on paper, too", async (t) => {
  const before = (page) => page.addInitScript(() => delete globalThis.WebAssembly);
  const page = await open(t, { at: ELECTION, size: EMBED, before, still: true });
  await page.getByRole("alert").filter({ hasText: "cannot run Lightcone" }).waitFor();
  await page.emulateMedia({ media: "print" });
  const { width, height } = await page.locator("svg.fig").boundingBox();
  assert.ok(width > 300 && height > 150, `${width} by ${height}`);
  await shot(page, "poster-print");
});

test("without a poster the program starts as ever", async (t) => {
  const page = await blank(t, { size: EMBED, allow: [/posters/, /Failed to load resource/] });
  await page.route("**/posters-*/**", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(TOP + ELECTION);
  await page.locator(".live svg.fig").waitFor();
  assert.equal(await still(page).count(), 0);
});

test("nothing of the program is fetched while the frame is far below the window, and it comes when that is near", async (t) => {
  const around = await host(t, `<div style="height:6000px">Much to read</div>${iframe(`${IN_PATH}${ELECTION}`)}`);
  const page = await blank(t);
  const asked = listens(page);
  await page.goto(around);
  const inside = page.frameLocator("iframe");
  await inside.locator(".still svg.fig").waitFor();
  await inside.locator("body").evaluate(async () => {
    await document.fonts.ready;
    await new Promise((rest) => requestIdleCallback(rest));
    await new Promise((rest) => requestIdleCallback(rest));
  });
  assert.deepEqual(asked, []);
  await page.evaluate(() => scrollTo(0, 6000));
  await inside.locator(".live svg.fig").waitFor();
  await alive(inside);
});

test("a touch starts the program, and what was pressed is pressed", async (t) => {
  const page = await open(t, { at: ELECTION, size: EMBED, before: busy, still: true, hasTouch: true });
  await page.locator(".still .play").tap();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await alive(page);
});

test("the keyboard starts the program, and stays where it is", async (t) => {
  const page = await open(t, { at: ELECTION, size: EMBED, before: busy, still: true });
  await page.locator(".still .figure-box").focus();
  await alive(page);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "application");
});

test("a poster takes its colours and its bar from its address", async (t) => {
  const at = `${ELECTION}?theme=dark&controls=no`;
  const page = await open(t, { at, size: EMBED, before: busy, still: true, colorScheme: "light" });
  await still(page).waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  assert.equal(await page.locator(".ef").count(), 0);
});

test("a poster in a sandbox, on another origin, under a strict policy", async (t) => {
  const around = await host(t, iframe(`${IN_PATH}${ELECTION}`, 'sandbox="allow-scripts"'));
  const page = await blank(t);
  await busy(page);
  await page.goto(around);
  const inside = page.frameLocator("iframe");
  await inside.locator(".still svg.fig").waitFor();
  assert.equal(await inside.locator("body").evaluate(() => document.styleSheets.length > 0 && origin), "null");
  await page.mouse.move(300, 200);
  await inside.locator(".live svg.fig").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`posters look right and are clean for axe, ${colorScheme}`, async (t) => {
    for (const [name, size] of [["wide", EMBED], ["tall", NARROW]]) {
      const page = await open(t, { at: "#/embed/raft/stale-read-from-deposed-leader", size, colorScheme, before: busy, still: true });
      await page.locator(".still svg.fig").waitFor();
      await axe(page);
      await shot(page, `poster-${name}-${colorScheme}`);
    }
  });
}

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
