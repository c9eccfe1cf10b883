// The first page: its contents, runs found by the field's words, its live figure, and a run in a file that is dropped on it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMBED, IN_PATH, NARROW, WIDE, homeAlive, axe, becomes, blank, digest, drag, open, shot, tabTo, TOP } from "../lightcone.mjs";

const found = (page) => page.locator(".found b").allInnerTexts();
const seek = (page, words) => page.getByRole("searchbox").fill(words);
const moved = (page) => page.getByRole("link", { name: "Open this run" }).getAttribute("href");

test("runs are found by the field's words, say why, and the first figure is kept", async (t) => {
  const page = await open(t, { size: WIDE });
  await drag(page, page.locator(".herofig .hit").nth(4), 40, 0);
  const before = await moved(page);
  assert.match(before, /#\/run\//);
  await seek(page, "figure 8");
  await becomes(async () => (await found(page))[0]?.startsWith("Figure 8: "), true);
  await seek(page, "split brain");
  await becomes(async () => (await found(page)).includes("Split brain: two sequencers without epochs"), true);
  await page.getByText("term: split brain").first().waitFor();
  await axe(page);
  await shot(page, "search-wide-light");
  await seek(page, "Election safety");
  await page.getByText("breaks: Election safety").first().waitFor();
  await page.getByRole("link", { name: "Two leaders in one term: a server votes twice" }).click();
  await page.getByRole("heading", { name: "Two leaders in one term: a server votes twice" }).waitFor();
  await page.goBack();
  await seek(page, "no such words");
  await page.getByText("No run and no protocol has these words.").waitFor();
  await seek(page, "");
  await page.getByRole("heading", { name: "Consensus" }).waitFor();
});

test("what is found does not touch the figure", async (t) => {
  const page = await open(t, { size: WIDE });
  await drag(page, page.locator(".herofig .hit").nth(4), 40, 0);
  const before = await moved(page);
  await seek(page, "raft");
  await becomes(async () => (await found(page))[0], "Raft");
  await seek(page, "");
  assert.equal(await moved(page), before);
});

test("seven chapters; each run of a protocol is a link under its name; a chapter without runs has nothing to press", async (t) => {
  const page = await open(t, { size: WIDE });
  assert.equal(await page.locator("section.ch").count(), 7);
  assert.equal(await page.locator("section.bare :is(a, summary, button)").count(), 0);
  assert.ok((await page.locator(".thumb").count()) <= 21, "three pictures a chapter");
  const runs = page.locator("details", { hasText: "18 runs of Two-phase commit" });
  await runs.locator("summary").click();
  assert.equal(await runs.getByRole("link").count(), 18);
  await axe(page);
  await shot(page, "contents-wide-light");
  await runs.getByRole("link", { name: "A distributed deadlock, ended by a time-out" }).click();
  await page.getByRole("heading", { name: "A distributed deadlock, ended by a time-out" }).waitFor();
});

test("the caption of the first figure says what was moved, and both undo and reset bring back the run and its title", async (t) => {
  const page = await open(t, { size: WIDE });
  const caption = page.locator(".cap:visible p").first();
  const title = await caption.innerText();
  assert.match(title, /^One heartbeat, 71 ms late/);
  const as_it_came = await moved(page);
  const hit = page.locator(".herofig .hit").nth(4);
  await drag(page, hit, 40, 0);
  await becomes(async () => /^(Delayed|Delivered) /.test(await caption.innerText()), true);
  const once = await moved(page);
  await drag(page, page.locator(".herofig .hit").nth(7), 30, 0);
  await becomes(async () => (await moved(page)) !== once, true);
  await shot(page, "home-moved-light");
  await page.getByRole("button", { name: "Undo" }).click();
  await becomes(() => moved(page), once);
  await page.getByRole("button", { name: "Reset" }).click();
  await becomes(() => moved(page), as_it_came);
  assert.equal(await caption.innerText(), title);
  assert.equal(await page.getByRole("button", { name: "Reset" }).count(), 0);
});

test("a slash at the end of an address says nothing", async (t) => {
  const page = await open(t, { at: "#/raft/" });
  await page.getByRole("heading", { name: "Raft", exact: true }).waitFor();
});

for (const [name, size] of Object.entries({ wide: WIDE, embed: EMBED, narrow: NARROW })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`home and its contents, ${name}, ${colorScheme}`, async (t) => {
      const page = await open(t, { size, colorScheme });
      await homeAlive(page);
      await axe(page);
      await shot(page, `home-${name}-${colorScheme}`);
      const consensus = page.getByRole("heading", { name: "Consensus" });
      await consensus.scrollIntoViewIfNeeded();
      await page.locator("section.ch").nth(4).evaluate((chapter) => chapter.scrollIntoView());
      await shot(page, `home-contents-${name}-${colorScheme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, "nothing is cut off at the side");
    });
  }
}

/** Answers for the program and its parts only when `release` is called; `asked` has the names of what was asked for. */
async function holdProgram(page) {
  const asked = [];
  let release;
  const released = new Promise((go) => (release = go));
  await page.route(/\.(wasm|bin)$|lightcone-web.*\.js$/, async (route) => {
    asked.push(route.request().url());
    await released;
    await route.continue().catch(() => {});
  });
  return { asked, release };
}

/** Nothing is idle until the test says so, with `globalThis.rest()`. */
const neverIdle = (page) =>
  page.addInitScript(() => {
    const waits = [];
    globalThis.requestIdleCallback = (due) => waits.push(due);
    globalThis.rest = () => waits.splice(0).forEach((due) => due());
  });

/** The first page as it stands without the program. */
async function still(t, options = {}) {
  const page = await blank(t, options);
  await neverIdle(page);
  const program = await holdProgram(page);
  await page.goto(options.from ?? TOP);
  await page.getByRole("heading", { name: "Consensus" }).waitFor();
  return { page, ...program };
}

for (const [name, size] of Object.entries({ wide: WIDE, embed: EMBED, narrow: NARROW })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`home before its figure is alive, ${name}, ${colorScheme}`, async (t) => {
      const { page, asked, release } = await still(t, { size, colorScheme });
      assert.equal(await page.locator("section.ch").count(), 7);
      await page.locator(".herofig svg.fig:visible").waitFor();
      await axe(page);
      await shot(page, `home-still-${name}-${colorScheme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, "nothing is cut off at the side");
      // Everything stays where it is when the figure comes alive.
      const places = () =>
        page.evaluate(() => [...document.querySelectorAll("h1, .figure, .cap, .ch, .card, .systems li")].map((each) => JSON.stringify(each.getBoundingClientRect())));
      const before = await places();
      assert.deepEqual(asked, []);
      release();
      await page.evaluate(() => globalThis.rest());
      await homeAlive(page);
      assert.deepEqual(await places(), before);
      assert.equal(await page.locator(".herofig svg.fig:visible").count(), 1);
    });
  }
}

const CALLS = {
  "nothing else happens": (page) => page.evaluate(() => globalThis.rest()),
  "the reader points at something": (page) => page.mouse.move(300, 300),
  "something gets the keyboard": (page) => page.keyboard.press("Tab"),
  "a finger touches it": (page) => page.touchscreen.tap(300, 300),
};
for (const [when, call] of Object.entries(CALLS)) {
  test(`the first page fetches no program before ${when}`, async (t) => {
    const { page, asked, release } = await still(t, { hasTouch: true });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    assert.deepEqual(asked, []);
    await call(page);
    await becomes(() => asked.some((name) => /lightcone-web-.*\.wasm$/.test(name)), true);
    release();
    await homeAlive(page);
  });
}

test("where the reader is, what is unfolded and what has the keyboard stay when the program comes", async (t) => {
  const { page, release } = await still(t);
  const runs = page.locator("details", { hasText: "18 runs of Two-phase commit" });
  await runs.locator("summary").click();
  await page.keyboard.press("Tab");
  const before = await page.evaluate(() => [scrollY, document.activeElement.textContent]);
  assert.ok(before[0] > 0);
  release();
  await homeAlive(page);
  assert.deepEqual(await page.evaluate(() => [scrollY, document.activeElement.textContent]), before);
  assert.equal(await runs.getByRole("link").count(), 18);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: before[1] }).waitFor();
  assert.equal(await page.evaluate(() => scrollY), 0);
});

test("words that were typed before the program came are sought, and the keyboard stays in their field", async (t) => {
  const { page, release } = await still(t);
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("split br");
  release();
  await page.locator(".found").waitFor();
  await page.keyboard.type("ain");
  await becomes(async () => (await found(page)).includes("Split brain: two sequencers without epochs"), true);
  assert.equal(await page.getByRole("searchbox").inputValue(), "split brain");
});

test("a run opens by its link before the program is there, and the way back leads to the first page", async (t) => {
  const { page, release } = await still(t, { from: IN_PATH });
  await tabTo(page, page.getByRole("link", { name: "Open this run" }));
  await page.keyboard.press("Enter");
  await page.getByText("Working out the run.").waitFor();
  assert.equal(await page.getByRole("heading", { name: "Consensus" }).isVisible(), false);
  release();
  await page.getByRole("heading", { level: 1, name: /^One heartbeat, 71 ms late/ }).waitFor();
  assert.equal(await page.locator("main:visible").count(), 1);
  await page.goBack();
  await page.getByRole("heading", { name: "Consensus" }).waitFor();
  await homeAlive(page);
  assert.equal(await page.locator("main:visible").count(), 1);
});

/** Drops a file with this text on the page. */
const drop = (page, text) =>
  page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "mine.scenario", { type: "text/plain" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text);

test("a scenario file that is dropped on the page is opened; a bad one says what is wrong and changes nothing", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  const before = await digest(page);
  await drop(page, "lightcone 1\nprotocol lamport 1\nseed 3\nscript\n  at 10 ms request c1 write-at N1 0\n");
  await page.getByRole("heading", { name: "This file cannot be opened" }).waitFor();
  assert.equal(await digest(page), before);
  await drop(page, "lightcone 1\nprotocol lamport 1\ntitle Mine\nseed 3\n");
  await page.getByRole("heading", { name: "Mine" }).waitFor();
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), before);
});

test("a move outside of what the protocol assumes says so beside it and beside the promise that breaks", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  const run = (move) =>
    "lightcone 1\nprotocol lamport 1\ntitle Mine\nscript\n  at 5 ms request c1 write-at N1\n  at 60 ms crash N1\n" +
    `  at 62 ms restart N1\n  at 100 ms request c2 write-at N1\nmoves\n${move}`;
  const sentence = page.getByText("A disk was lost: this is outside the fault model of Lamport timestamps.");
  await drop(page, run("  at 61 ms lose-disk N1\n"));
  await page.getByRole("heading", { name: "Mine" }).waitFor();
  await becomes(() => sentence.count(), 3);
  await page.keyboard.press("Control+z");
  await becomes(() => sentence.count(), 0);
});
