// A run is edited as its text: the figure follows, forms write the same lines, and nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, digest, drag, EMBED, head, moves, NARROW, open, shot, TOP, WIDE } from "../lightcone.mjs";

const FIGURE = "#/raft/stale-read-from-deposed-leader";
const title = (page) => page.getByRole("textbox", { name: "Title" });
const source = (page) => page.getByRole("textbox", { name: "This run as text" });
const text = (page) => source(page).inputValue();
const why = (page) => page.locator(".why:not(.q)").allInnerTexts();
const words = (page) => page.locator(".comp code").allInnerTexts();
/** A word among those that may stand at the caret. */
const word = (page, name) => page.getByRole("listbox", { name: "What can stand here" }).getByRole("option", { name, exact: true });

/** Opens the editor of a run. */
async function edit(t, options = {}) {
  const page = await open(t, { at: "#/raft", ...options });
  await page.keyboard.press("e");
  await becomes(() => title(page).evaluate((field) => field === document.activeElement), true);
  return page;
}

/** Puts the caret at the end of the text. */
async function toEnd(page) {
  await source(page).focus();
  await page.keyboard.press("Control+End");
}

/** The link that the dialog gives. */
async function shared(page) {
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share this run" });
  const link = await dialog.getByRole("textbox").inputValue();
  await page.keyboard.press("Escape");
  return link.slice(link.indexOf("#"));
}

test("a teacher makes a titled run from an empty one, by form alone, and its link opens it", async (t) => {
  const page = await edit(t);
  await title(page).fill("Two leaders");
  await page.getByRole("textbox", { name: "Note" }).fill("Who leads?\nLook at 60 ms.");
  await page.locator(".set > label").filter({ hasText: "Servers" }).locator("select").selectOption("3");
  const what = page.getByRole("combobox", { name: "What happens" });
  const form = page.locator("form.add");
  for (const [label, at] of [["c1 asks: write x = 1", "40"], ["S1 crashes", "60"]]) {
    await what.selectOption({ label });
    await form.getByRole("textbox").fill(at);
    await form.getByRole("button", { name: "Add" }).click();
  }
  const written = await text(page);
  assert.match(written, /^title Two leaders\nnote Who leads\?\nnote Look at 60 ms\.$/m);
  assert.match(written, /^script\n {2}at 40 ms request c1 write x 1\n {2}at 60 ms crash S1$/m);
  await shot(page, "edit-made");
  const link = await shared(page);
  await page.getByRole("button", { name: "Done" }).click();
  const made = await digest(page);
  const other = await open(t, { at: link });
  await becomes(() => digest(other), made);
  assert.equal(await other.locator("h1").innerText(), "Two leaders");
  assert.match(await other.locator(".about").first().innerText(), /Who leads\?/);
});

test("the figure follows the text, and a wrong line is left out with its reason below it", async (t) => {
  const page = await edit(t);
  const empty = await digest(page);
  await toEnd(page);
  await page.keyboard.type("script\n  at 50 ms crash S1");
  await page.keyboard.press("Escape");
  await becomes(async () => (await digest(page)) !== empty, true);
  const crashed = await digest(page);
  await page.keyboard.type("\n  at 70 ms pause S9");
  await becomes(() => why(page), ["`S9` is no lane. Possible: S1, S2, S3, S4, S5, c1."]);
  assert.equal(await digest(page), crashed);
  assert.equal(await page.locator(".mark u").innerText(), "S9");
  assert.match(await page.locator(".ed .said").innerText(), /^Line \d+: `S9`/);
  await shot(page, "edit-wrong");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("2");
  await becomes(() => why(page), []);
  await becomes(async () => (await digest(page)) !== crashed, true);
  // What is about nothing never replaces the run.
  const paused = await digest(page);
  await source(page).fill("hello");
  await becomes(() => why(page), [/does not begin with/]);
  assert.equal(await digest(page), paused);
});

test("undo takes back a visit of a line, closing keeps the work, discarding takes it back", async (t) => {
  const page = await edit(t);
  const [start, empty] = [await text(page), await digest(page)];
  await toEnd(page);
  await page.keyboard.type("script\n  at 50 ms crash S1");
  const typed = await text(page);
  await page.keyboard.press("Control+z");
  await becomes(() => text(page), `${start}script`);
  await page.keyboard.press("Control+z");
  await becomes(() => text(page), start);
  assert.equal(await digest(page), empty);
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+Shift+z");
  await becomes(() => text(page), typed);
  await page.keyboard.type("7");
  await becomes(() => why(page), [/`S17` is no lane/]);
  await page.getByRole("button", { name: "Done" }).click();
  assert.equal(await page.locator("h1").innerText(), "Raft");
  await page.getByRole("button", { name: "Edit this run" }).first().click();
  assert.equal(await text(page), `${typed}7`);
  await title(page).fill("Other");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.keyboard.press("e");
  assert.equal(await text(page), `${typed}7`);
});

test("the caret is offered what the run has, and the figure lights it", async (t) => {
  const page = await edit(t, { at: FIGURE });
  await toEnd(page);
  await page.keyboard.type("moves\n  deliver S1>S2 ");
  await becomes(async () => (await words(page)).length > 2, true);
  const [first, second] = await words(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await becomes(() => page.getByRole("option", { selected: true }).locator("code").innerText(), second);
  await becomes(() => page.locator(`[data-message="S1-S2-${second.replace("#", "-")}"]`).count(), 1);
  await becomes(() => page.locator(".fig .sel-in, .fig .sel").count().then((found) => found > 0), true);
  await axe(page);
  await shot(page, "edit-words");
  await page.keyboard.press("Enter");
  await becomes(() => text(page).then((all) => all.endsWith(`deliver S1>S2 ${second} `)), true);
  await page.keyboard.type("at ");
  await page.keyboard.press("Escape");
  await page.keyboard.type("90 ms");
  await page.getByRole("button", { name: "Done" }).click();
  await becomes(() => moves(page).then((all) => all.length), 1);
  assert.notEqual(first, second);
});

test("a run of the gallery is edited under its title; a drag is written into the text", async (t) => {
  const page = await edit(t, { at: "#/raft/election" });
  assert.match(await text(page), /^title \S/m);
  assert.match(page.url(), /#\/raft\/election$/);
  await toEnd(page);
  await page.keyboard.type("# kept");
  await drag(page, head(page, "S1-S3-Vote-1"), 40, 0);
  await becomes(() => text(page).then((all) => /moves\n {2}deliver S1>S3 Vote#1 at/.test(all)), true);
  assert.match(await text(page), /# kept/);
  await axe(page);
});

test("requests and faults are moved and removed in the form", async (t) => {
  const page = await edit(t, { at: FIGURE });
  const start = await text(page);
  const first = page.locator(".rf li").first();
  await first.getByRole("textbox", { name: "Time of: c1 asks: write x = 1" }).fill("30");
  await page.keyboard.press("Enter");
  await becomes(() => text(page), start.replace("at 22 ms", "at 30 ms"));
  await page.getByRole("button", { name: "Remove: Heal all" }).click();
  await becomes(() => text(page), start.replace("at 22 ms", "at 30 ms").replace("  at 250 ms heal all\n", ""));
  await page.getByRole("button", { name: "Undo" }).first().click();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await becomes(() => text(page), start);
});

for (const [name, options] of [
  ["light", { size: WIDE }],
  ["dark", { size: WIDE, colorScheme: "dark" }],
  ["box", { size: EMBED }],
  ["box-dark", { size: EMBED, colorScheme: "dark" }],
  ["phone", { size: NARROW, hasTouch: true }],
  ["phone-dark", { size: NARROW, hasTouch: true, colorScheme: "dark" }],
]) {
  test(`the editor is whole at every size: ${name}`, async (t) => {
    const page = await edit(t, { at: FIGURE, ...options });
    await toEnd(page);
    await page.keyboard.type("moves\n  drop S2>S3 Vote#99");
    await page.keyboard.press("Escape");
    await page.keyboard.type("\n  deliver S1>S2 ");
    await becomes(async () => (await words(page)).length > 1, true);
    await axe(page);
    await shot(page, `edit-${name}`, { fullPage: false });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, "nothing is wider than the page");
  });
}

test("on a phone, words and signs are pressed by touch", async (t) => {
  const page = await open(t, { at: "#/raft", size: NARROW, hasTouch: true });
  await page.getByRole("button", { name: "All notes" }).tap();
  await page.getByRole("button", { name: "Edit this run" }).tap();
  await toEnd(page);
  await page.keyboard.type("script\n  ");
  await page.getByRole("button", { name: "at", exact: true }).tap();
  await page.keyboard.type("50 ");
  await word(page, "ms").tap();
  await page.keyboard.type("cra");
  await word(page, "crash").tap();
  await word(page, "S1").tap();
  await becomes(() => text(page).then((all) => all.endsWith("  at 50 ms crash S1 ")), true);
  await page.locator(".signs").getByRole("button", { name: "Done" }).tap();
  await becomes(() => title(page).count(), 0);
  assert.ok(page.url().startsWith(`${TOP}#/run/`));
});
