// A lesson: text beside a figure that follows it, until the reader's hand is in it. The contents and the glossary.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMBED, IN_PATH, NARROW, TOP, WIDE, axe, becomes, blank, drag, open, shot, tabTo } from "../lightcone.mjs";

const CLOCKS = "learn/2.1-a-number-that-respects-cause-and-effect/";

/** A page of the lessons. */
async function lesson(t, at = CLOCKS, { from = TOP, ...options } = {}) {
  const page = await blank(t, options);
  await page.goto(from + at);
  return page;
}

const state = (page) => page.evaluate(() => document.querySelector("light-cone").state());
const cursor = async (page) => (await state(page)).cursor;
const inside = (page) => page.locator("light-cone iframe").contentFrame();
const read = (page, scene) =>
  page.locator(`#s${scene}`).evaluate((one) => scrollTo({ top: one.getBoundingClientRect().top + scrollY - innerHeight * 0.3, behavior: "instant" }));
const head = (page, name) => inside(page).locator(`[data-message="${name}"] .hit`);

test("scrolling takes the figure to what the text tells of, and the address to where the reader is", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  assert.match((await state(page)).selection, /^m/);
  await read(page, 4);
  await becomes(() => cursor(page), 85.999);
  assert.equal(new URL(page.url()).hash, "#s4");
  await read(page, 7);
  await becomes(async () => (await state(page)).link.includes("client-forgets-maximum"), true);
  await becomes(() => cursor(page), 87.416);
  await read(page, 5);
  await becomes(() => cursor(page), 120);
  assert.match((await state(page)).link, /lamport\/figure/);
  await shot(page, "lesson");
});

test("an address leads to its scene", async (t) => {
  const page = await lesson(t, `${CLOCKS}#s7`, { from: IN_PATH });
  await becomes(() => cursor(page), 87.416);
  assert.ok(await page.locator("#s7").evaluate((one) => one.hasAttribute("data-on")));
});

test("what the reader has moved stays, until the reader follows the text again", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await drag(page, head(page, "c1-N2-Write-1"), 120, 0);
  const follow = page.getByRole("button", { name: "Follow the text again" });
  await follow.waitFor();
  await becomes(async () => (await state(page)).moves.length, 1);
  const moved = await state(page);
  await read(page, 5);
  await page.locator("#s5[data-on]").waitFor();
  await read(page, 7);
  await page.locator("#s7[data-on]").waitFor();
  assert.deepEqual((await state(page)).link, moved.link);
  assert.equal((await state(page)).moves.length, 1);
  await follow.click();
  await becomes(() => cursor(page), 87.416);
  assert.deepEqual((await state(page)).moves, []);
  await follow.waitFor({ state: "hidden" });
});

test("a link into a run that the reader has changed keeps the moves", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await drag(page, head(page, "c1-N2-Write-1"), 120, 0);
  await becomes(async () => (await state(page)).moves.length, 1);
  await page.getByRole("link", { name: "(1, 1)" }).click();
  await becomes(() => cursor(page), 22.132);
  assert.equal((await state(page)).moves.length, 1);
});

test("Reset takes the run back to what the text shows", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await drag(page, head(page, "c1-N2-Write-1"), 120, 0);
  await becomes(async () => (await state(page)).moves.length, 1);
  await page.getByRole("button", { name: "Reset" }).click();
  await becomes(async () => (await state(page)).moves.length, 0);
  await becomes(() => cursor(page), 52.416);
});

test("a dotted link shows its place in the figure", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await page.getByRole("link", { name: "(1, 1)" }).click();
  await becomes(() => cursor(page), 22.132);
  assert.match((await state(page)).selection, /^e/);
  assert.match(new URL(page.url()).pathname, /2\.1-/);
});

test("a prediction is revealed by the keyboard, and the order is text, figure, text", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  const question = page.locator("details summary").first();
  const answer = page.getByText("N1’s own counter is 1");
  assert.equal(await answer.isVisible(), false);
  await tabTo(page, question);
  await page.keyboard.press("Enter");
  await answer.waitFor();
  const order = await page.evaluate(() => [...document.querySelectorAll("h1, figure, article")].map((one) => one.localName));
  assert.deepEqual(order, ["h1", "figure", "article"]);
});

test("without JavaScript a lesson is text and pictures", async (t) => {
  const page = await lesson(t, CLOCKS, { javaScriptEnabled: false });
  await page.getByRole("heading", { level: 1 }).waitFor();
  const pictures = page.locator(".still img");
  assert.ok((await pictures.count()) > 5);
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded();
    await picture.waitFor();
    assert.ok(await picture.getAttribute("alt"));
  }
  assert.equal(await page.getByRole("button", { name: "Reset" }).isVisible(), false);
  assert.equal(await page.locator("iframe").count(), 0);
});

test("on paper every scene has its picture, and nothing is left to press", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await page.emulateMedia({ media: "print" });
  // Pictures come when they are wanted: seen is what has come.
  await page.locator(".scene .still").first().waitFor();
  for (const name of ["Reset", "Follow the text again"]) {
    assert.equal(await page.getByRole("button", { name }).isVisible(), false);
  }
});

test("on a phone the figure stays under the head of the window, and the text runs below it", async (t) => {
  const page = await lesson(t, CLOCKS, { size: NARROW });
  await becomes(() => cursor(page), 52.416);
  await page.locator("#s4").evaluate((one) => scrollTo({ top: one.getBoundingClientRect().top + scrollY - innerHeight * 0.6, behavior: "instant" }));
  await becomes(() => cursor(page), 85.999);
  const box = await page.locator(".stick").boundingBox();
  assert.ok(Math.abs(box.y) < 1 && box.height < NARROW.height * 0.65, JSON.stringify(box));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), NARROW.width);
  await shot(page, "lesson-390");
});

// What axe itself does to look at a page whose policy lets in no style but its own, and into an element whose sheet has no address.
const OF_AXE = [/Applying inline style/, /load preload assets/];

for (const colorScheme of ["light", "dark"]) {
  test(`lessons, contents and glossary are accessible, ${colorScheme}`, async (t) => {
    for (const [at, size] of [[CLOCKS, WIDE], [CLOCKS, EMBED], [CLOCKS, NARROW], ["learn/", WIDE], ["learn/glossary/", NARROW]]) {
      const page = await lesson(t, at, { colorScheme, size, allow: OF_AXE });
      if (at === CLOCKS) await becomes(() => cursor(page), 52.416);
      await axe(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${at} ${size.width}`);
    }
  });
}

test("every lesson is in the contents, and says for search engines what it is about", async (t) => {
  // Without JavaScript, as a search engine reads it.
  const page = await lesson(t, "learn/", { from: IN_PATH, javaScriptEnabled: false });
  const links = [];
  for (const link of await page.locator("main ol a").all()) links.push(new URL(await link.getAttribute("href"), page.url()).href);
  assert.ok(links.length >= 8);
  const titles = new Set();
  for (const link of links) {
    await page.goto(link);
    assert.equal(await page.locator("h1").count(), 1);
    titles.add(await page.title());
    assert.ok((await page.locator("meta[name=description]").getAttribute("content")).length > 50);
    assert.equal(await page.locator("link[rel=canonical]").count(), 0);
  }
  assert.equal(titles.size, links.length);
});

test("a term leads to its place in the glossary, and that to a run", async (t) => {
  const page = await lesson(t, CLOCKS, { javaScriptEnabled: false });
  await page.getByRole("link", { name: "happened before" }).click();
  const entry = page.locator("#happened-before");
  await entry.getByText("One event happened before another").waitFor();
  assert.match(await entry.getByRole("link").first().getAttribute("href"), /#\/lamport\/figure$/);
});

test("the first page and a run lead to the lessons", async (t) => {
  for (const [at, name] of [["", "Learn"], ["#/2pc/happy", "5.1 All or nothing"]]) {
    const page = await open(t, { at, from: IN_PATH });
    const link = page.getByRole("link", { name, exact: true });
    await link.waitFor();
    const there = await page.request.get(new URL(await link.getAttribute("href"), page.url()).href);
    assert.equal(there.status(), 200);
    assert.match(await there.text(), new RegExp(`<title>${name.replace(/^\S+ (?=.* )/, "")} · Lightcone`));
  }
  const narrow = await open(t, { size: NARROW });
  assert.equal(await narrow.evaluate(() => document.documentElement.scrollWidth), NARROW.width);
});
