// Questions: what is asked stands beside the figure, ticks follow the hand, and an answer is a link that is judged by running it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMBED, IN_PATH, NARROW, WIDE, axe, becomes, digest, head, hold, lane, moves, open, shot, tabTo } from "../lightcone.mjs";

const BLOCK = "#/challenge/2pc/leave-both-in-doubt";
const INVERSION = "#/challenge/sequence-numbers/blocks-inversion";

const panel = (page) => page.getByRole("region", { name: "Question", exact: true });
const ticks = (page) => panel(page).locator(".goal li.is").count();
const solvedLine = (page, said) => panel(page).locator(".subj").getByText(said, { exact: true });
const button = (page, name) => panel(page).getByRole("button", { name, exact: true });
const take = (page, name) => page.getByRole("toolbar", { name: "What the pointer does" }).getByRole("button", { name }).click();

/** A page with a question, whose clipboard can be read. */
async function asked(t, at = BLOCK, options = {}) {
  const page = await open(t, { at, permissions: ["clipboard-read", "clipboard-write"], ...options });
  await page.locator("section.question").waitFor({ state: "attached" });
  return page;
}

/** Crashes the coordinator while the votes are on their way. The window shows the whole run, 320 ms. */
async function solve(page) {
  await take(page, "Crash");
  const place = await lane(page, "TM", 68 / 340);
  await page.mouse.click(place.x, place.y);
  await becomes(() => ticks(page), 2);
}

/** The fragment of the answer's link, as the reader copies it. */
async function answer(page) {
  await button(page, "Copy answer link").click();
  await button(page, "Copied").waitFor();
  return new URL(await page.evaluate(() => navigator.clipboard.readText())).hash;
}

/** Goes on from here by an address, as somebody who pastes it. */
const paste = (page, hash) => page.evaluate((hash) => void (location.hash = hash), hash);

/** A link with one letter changed. */
const damaged = (hash) => hash.slice(0, 30) + (hash[30] === "A" ? "B" : "A") + hash.slice(31);

test("a challenge is solved by a drag: its tick comes while one drags, then moves against par", async (t) => {
  const page = await asked(t, INVERSION);
  assert.equal(await ticks(page), 0);
  assert.match(await panel(page).innerText(), /You may move messages\. 0 of 1 move/);
  await hold(page, head(page, "c1-N1-Write-1"), 110, 0);
  await becomes(() => ticks(page), 1);
  await page.mouse.up();
  await solvedLine(page, "Solved at par: 1 move.").waitFor();
  await becomes(() => ticks(page), 1);
  assert.match(await panel(page).locator("p[role=status]").innerText(), /^Solved at par: 1 move\. A block is a stretch/);
  await shot(page, "challenge-solved");
  await button(page, "Start over").click();
  await becomes(() => ticks(page), 0);
  assert.deepEqual(await moves(page), []);
});

test("a challenge is solved by keys alone, and its answer is copied by them", async (t) => {
  const page = await asked(t);
  const figure = page.getByRole("application");
  await tabTo(page, figure);
  const active = () => figure.evaluate((it) => document.getElementById(it.getAttribute("aria-activedescendant"))?.getAttribute("aria-label") ?? "");
  await page.keyboard.press("Home");
  // From event to event, to where both have voted; then up to the coordinator's lane.
  for (let press = 0; press < 40 && !/^P2 receives TM’s prepare/i.test(await active()); press += 1) {
    const before = await active();
    await page.keyboard.press("ArrowRight");
    await becomes(async () => (await active()) !== before, true);
  }
  for (let press = 0; press < 4; press += 1) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("c");
  await becomes(() => moves(page), [/^Crashed TM at /]);
  await becomes(() => ticks(page), 2);
  await tabTo(page, button(page, "Copy answer link"));
  await page.keyboard.press("Enter");
  await button(page, "Copied").waitFor();
});

test("a tool that the question does not allow is refused in a sentence, and the run stays", async (t) => {
  const page = await asked(t);
  // Nothing in the figure invites to what would be refused.
  assert.equal(await page.getByText("Drag an arrowhead").count(), 0);
  assert.equal(await page.locator(".figure-box").getByRole("button", { name: "Run longer" }).count(), 0);
  const before = await digest(page);
  const tools = page.getByRole("toolbar", { name: "What the pointer does" }).getByRole("button");
  assert.deepEqual(await tools.allInnerTexts(), ["Move", "Crash"]);
  await hold(page, head(page, "TM-P1-Prepare-1"), 60, 0);
  await page.mouse.up();
  await panel(page).getByRole("alert").getByText("This question does not let you move messages.").waitFor();
  assert.equal(await digest(page), before);
  await solve(page);
  assert.equal(await panel(page).getByRole("alert").count(), 0);
});

test("an answer's link opens the answer and says what it is worth; then one may answer oneself", async (t) => {
  const page = await asked(t, BLOCK, { from: IN_PATH });
  await solve(page);
  const hash = await answer(page);
  const other = await asked(t, hash);
  await panel(other).getByRole("heading", { name: "An answer" }).waitFor();
  await solvedLine(other, "Solved at par: 1 move.").waitFor();
  assert.equal(await digest(other), await digest(page));
  assert.equal(new URL(other.url()).hash, hash);
  await panel(other).getByRole("link", { name: "Answer it yourself" }).click();
  await panel(other).getByRole("heading", { name: "Challenge 5.2" }).waitFor();
  assert.deepEqual(await moves(other), []);
});

test("a damaged or foreign answer says which, and leaves the reader's work", async (t) => {
  const page = await asked(t);
  await solve(page);
  const [own, work, at] = [await answer(page), await digest(page), page.url()];
  const foreign = await asked(t, INVERSION);
  await hold(foreign, head(foreign, "c1-N1-Write-1"), 110, 0);
  await foreign.mouse.up();
  const others = await answer(foreign);
  for (const [hash, said] of [[damaged(own), "This link is damaged"], [others, "This is no answer to the question"]]) {
    await paste(page, hash);
    await page.getByRole("alert").getByRole("heading", { name: said }).waitFor();
    assert.equal(await digest(page), work);
    assert.equal(await ticks(page), 2);
    await page.getByRole("button", { name: "Keep this run" }).click();
    await becomes(() => page.url(), at);
  }
});

test("the work on a question is in its address, and the browser's way back takes a move back", async (t) => {
  const page = await asked(t);
  await solve(page);
  await becomes(() => /leave-both-in-doubt\/./.test(page.url()), true);
  const solved = await digest(page);
  await page.reload();
  await solvedLine(page, "Solved at par: 1 move.").waitFor();
  assert.equal(await digest(page), solved);
  await page.goBack();
  await becomes(() => ticks(page), 0);
  assert.equal(new URL(page.url()).hash, BLOCK);
});

test("a hint is worked out from where the reader stands, and leads on", async (t) => {
  const page = await asked(t);
  await button(page, "Hint").click();
  await panel(page).getByText(/^One move solves it: “crashed TM at/).waitFor({ timeout: 60_000 });
  await button(page, "Make this move").click();
  await solvedLine(page, "Solved at par: 1 move.").waitFor();
  await button(page, "Start over").click();
  await take(page, "Crash");
  const late = await lane(page, "P1", 0.9);
  await page.mouse.click(late.x, late.y);
  await becomes(() => moves(page).then((all) => all.length), 1);
  await button(page, "Hint").click();
  await panel(page).getByText("It cannot be solved from here with the moves that are left. Undo a move.").waitFor({ timeout: 60_000 });
});

test("a question is set from what is true of a run: its par is worked out before the link is there, and the link asks it", async (t) => {
  const page = await open(t, { at: "#/2pc/happy", permissions: ["clipboard-read", "clipboard-write"] });
  await take(page, "Crash");
  const place = await lane(page, "TM", 0.5);
  await page.mouse.click(place.x, place.y);
  await becomes(() => moves(page).then((all) => all.length), 1);
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share this run" });
  await dialog.getByRole("tab", { name: "Question" }).click();
  const link = dialog.getByRole("textbox", { name: "Link of the question" });
  await dialog.getByRole("textbox", { name: "The question" }).fill("Stop the coordinator");
  await dialog.getByRole("textbox", { name: "In more words" }).fill("Leave it down until the run ends.");
  assert.equal(await link.count(), 0);
  await dialog.getByRole("checkbox", { name: "TM is down at the end" }).check();
  assert.equal(await dialog.getByRole("checkbox", { name: "crash nodes", exact: true }).isChecked(), true);
  await dialog.getByText("Par: 1 move, worked out by search.").waitFor({ timeout: 60_000 });
  await shot(page, "question-set");
  await axe(page);
  const there = await asked(t, new URL(await link.inputValue()).hash);
  assert.equal(await there.getByRole("heading", { level: 1 }).innerText(), "Stop the coordinator");
  // What the run says of itself in the gallery is not said of the question.
  await there.getByText("Leave it down until the run ends.").waitFor();
  assert.deepEqual(await moves(there), []);
  await take(there, "Crash");
  const again = await lane(there, "TM", 0.3);
  await there.mouse.click(again.x, again.y);
  await solvedLine(there, "Solved at par: 1 move.").waitFor();
  // The answer alone does not know what it answers; with the question open it does.
  const hash = await answer(there);
  const alone = await asked(t, hash);
  await panel(alone).getByText(/^This link answers a question that is not open here/).waitFor();
  await alone.goto(there.url());
  await alone.reload();
  await solvedLine(alone, "Solved at par: 1 move.").waitFor();
  await paste(alone, hash);
  await panel(alone).getByRole("heading", { name: "An answer" }).waitFor();
});

test("what cannot be solved with the tools that are given is not offered", async (t) => {
  const page = await open(t, { at: "#/2pc/happy" });
  await take(page, "Crash");
  const place = await lane(page, "TM", 0.5);
  await page.mouse.click(place.x, place.y);
  await becomes(() => moves(page).then((all) => all.length), 1);
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share this run" });
  await dialog.getByRole("tab", { name: "Question" }).click();
  await dialog.getByRole("checkbox", { name: "TM is down at the end" }).check();
  await dialog.getByRole("checkbox", { name: "crash nodes", exact: true }).uncheck();
  await dialog.getByRole("checkbox", { name: "lose messages" }).check();
  await dialog.getByText("It cannot be solved with these tools and moves.").waitFor({ timeout: 60_000 });
  assert.equal(await dialog.getByRole("textbox", { name: "Link of the question" }).count(), 0);
});

test("a lesson leads to its challenge", async (t) => {
  const page = await open(t, { at: "learn/5.2-in-doubt/", still: true });
  await page.getByRole("link", { name: "Block it with one crash" }).click();
  await panel(page).getByRole("heading", { name: "Challenge 5.2" }).waitFor();
  assert.equal(new URL(page.url()).hash, BLOCK);
});

test("a prediction is ticked and checked, an explanation is an event that is selected", async (t) => {
  const page = await asked(t, "#/challenge/test-and-set/what-c1-cannot-tell");
  const boxes = panel(page).getByRole("checkbox");
  await boxes.nth(2).check();
  await button(page, "Check").click();
  await panel(page).locator("p.note").getByText("Not all of these are as you say.").waitFor();
  await boxes.nth(2).uncheck();
  for (const place of [0, 1, 3]) await boxes.nth(place).check();
  await button(page, "Check").click();
  await solvedLine(page, "Solved.").waitFor();
  await answer(page);
  const why = await asked(t, "#/challenge/raft/why-does-it-lead");
  await button(why, "Hint").click();
  await button(why, "Make this move").click({ timeout: 60_000 });
  await solvedLine(why, "Solved at par: 1 move.").waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`a question is accessible and fits, ${colorScheme}`, async (t) => {
    for (const [name, size] of Object.entries({ wide: WIDE, embed: EMBED, narrow: NARROW })) {
      const page = await asked(t, BLOCK, { size, colorScheme });
      if (size === NARROW) {
        await page.getByRole("button", { name: "Question", exact: true }).click();
        await button(page, "Hint").waitFor();
      }
      await axe(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, name);
      await shot(page, `challenge-${name}-${colorScheme}`);
    }
  });
}
