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

test("a link into another run than the one that the reader has changed asks first", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await drag(page, head(page, "c1-N2-Write-1"), 120, 0);
  await becomes(async () => (await state(page)).moves.length, 1);
  const { link } = await state(page);
  await page.getByRole("link", { name: "(2, 1)" }).first().click();
  const follow = page.getByRole("button", { name: "Follow the text again" });
  await becomes(() => follow.evaluate((one) => one === document.activeElement), true);
  assert.equal((await state(page)).link, link);
  await page.keyboard.press("Enter");
  await becomes(async () => (await state(page)).moves.length, 0);
  // The reader goes on by keyboard where the button was.
  const reset = page.getByRole("button", { name: "Reset" });
  await becomes(() => reset.evaluate((one) => one === document.activeElement), true);
});

test("where the reader is stands in the address and nowhere else", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await page.locator("details summary").first().click();
  await read(page, 7);
  await becomes(() => cursor(page), 87.416);
  assert.equal(new URL(page.url()).hash, "#s7");
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length]);
  assert.deepEqual(kept, [0, 0, "", 0]);
  await page.reload();
  await page.locator("#s7[data-on]").waitFor();
  await becomes(() => cursor(page), 87.416);
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

test("the Tab key goes through the figure before the text below it", async (t) => {
  const page = await lesson(t);
  await becomes(() => cursor(page), 52.416);
  await page.locator("main").evaluate((one) => {
    one.tabIndex = -1;
    one.focus();
  });
  const passed = [];
  const below = page.locator("article a").first();
  for (let presses = 0; presses < 80 && passed.at(-1) !== "text"; presses += 1) {
    await page.keyboard.press("Tab");
    const there = await page.evaluate(() => document.activeElement.localName);
    const at = (await below.evaluate((one) => one === document.activeElement)) ? "text" : there;
    // Between the page and a frame the focus is nowhere for a moment.
    if (at !== "body" && passed.at(-1) !== at) passed.push(at);
  }
  assert.deepEqual(passed, ["light-cone", "button", "text"]);
});

test("without JavaScript a lesson is text and pictures", async (t) => {
  const page = await lesson(t, CLOCKS, { javaScriptEnabled: false });
  await page.getByRole("heading", { level: 1 }).waitFor();
  const pictures = page.locator(".still img:visible");
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
  await page.locator("#s1 > .still").waitFor();
  await page.locator("#s2 > .still").waitFor();
  assert.equal(await page.locator("figure").isVisible(), false);
  for (const name of ["Reset", "Follow the text again"]) {
    assert.equal(await page.getByRole("button", { name }).isVisible(), false);
  }
});

test("paper has every answer, and the screen afterwards only those that were shown", async (t) => {
  const page = await lesson(t, CLOCKS);
  await becomes(() => cursor(page), 52.416);
  await page.locator("details summary").first().click();
  const open = () => page.locator("details").evaluateAll((all) => all.map((one) => one.open));
  assert.deepEqual(await open(), [true, false]);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.deepEqual(await open(), [true, true]);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.deepEqual(await open(), [true, false]);
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

test("in a low figure the moment that the text tells of is seen", async (t) => {
  for (const size of [NARROW, EMBED]) {
    const page = await lesson(t, CLOCKS, { size });
    await becomes(() => cursor(page), 52.416);
    const seen = () =>
      inside(page).locator("line.cursor, path.cursor, .cursor").first().evaluate((one) => {
        const [line, box] = [one.getBoundingClientRect(), one.closest(".figure-box").getBoundingClientRect()];
        return line.top > box.top && line.bottom < box.bottom;
      });
    await becomes(seen, true);
  }
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

test("the run with which a lesson begins leads back to it", async (t) => {
  const contents = await lesson(t, "learn/", { javaScriptEnabled: false });
  const lessons = await contents.locator("main ol a").evaluateAll((all) => all.map((one) => [one.textContent.trim(), one.href]));
  const explorer = await open(t, { at: "#/2pc/happy" });
  for (const [heading, at] of lessons) {
    await contents.goto(at);
    const run = await contents.locator("light-cone").getAttribute("run");
    await explorer.evaluate((to) => (location.hash = to), `#/${run}`);
    const link = explorer.getByRole("link", { name: heading, exact: true });
    await link.waitFor();
    assert.equal(new URL(await link.getAttribute("href"), explorer.url()).pathname, new URL(at).pathname, heading);
  }
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
