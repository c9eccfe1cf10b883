// The figure without a mouse: one stop of the Tab key with a moving selection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, digest, moves, open, tabTo } from "../lightcone.mjs";

const ELECTION = "#/raft/election";

/** The figure with the focus, as a reader without a mouse gets there. */
async function figure(page) {
  const figure = page.getByRole("application");
  await tabTo(page, figure);
  return figure;
}

/** What the element that the keys are on is called. */
async function active(page) {
  return page.getByRole("application").evaluate((figure) => {
    const id = figure.getAttribute("aria-activedescendant");
    return id && document.getElementById(id)?.getAttribute("aria-label");
  });
}

test("the arrow keys walk through the events, and each is announced", async (t) => {
  const page = await open(t, { at: ELECTION });
  await figure(page);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await becomes(async () => /S3’s election timer fires at 60 ms/.test(await active(page)), true);
  await becomes(async () => /fires at 60 ms/.test(await page.locator("[aria-live=polite]").first().innerText()), true);
  await page.keyboard.press("ArrowLeft");
  await becomes(async () => /fires at 60 ms/.test((await active(page)) ?? ""), false);
});

test("keys that come faster than the page draws act one after the other", async (t) => {
  const page = await open(t, { at: ELECTION });
  await figure(page);
  // All in one task: nothing else runs between two keys.
  const taken = await page.getByRole("application").evaluate((figure) => {
    const pressed = (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    return ["Home", "ArrowRight", "Tab", "Tab"].map((key) => !figure.dispatchEvent(pressed(key)));
  });
  assert.deepEqual(taken, [true, true, true, true]);
  await becomes(async () => /^Vote request, term 1, S3 to S2/.test(await active(page)), true);
});

test("a message is chosen, moved, dropped, doubled and put back by key", async (t) => {
  const page = await open(t, { at: ELECTION });
  const before = await digest(page);
  await figure(page);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await becomes(async () => /S3’s election timer fires/.test((await active(page)) ?? ""), true);
  await page.keyboard.press("Tab");
  await becomes(async () => /^Vote request, term 1, S3 to S1/.test(await active(page)), true);
  await page.keyboard.press("Shift+ArrowRight");
  await becomes(() => moves(page), [/^Delayed S3’s vote request to S1 by 1 ms/]);
  await page.keyboard.press("Backspace");
  await becomes(() => digest(page), before);
  await page.keyboard.press("Delete");
  await becomes(() => moves(page), ["Dropped S3’s vote request to S1"]);
  await becomes(async () => /is dropped/.test(await page.locator("[aria-live=polite]").first().innerText()), true);
  await page.keyboard.press("Backspace");
  await page.keyboard.press("d");
  await becomes(async () => page.locator('[data-message="S3-S1-RequestVote-1-copy1"]').count(), 1);
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), before);
});

test("a lane is chosen, and its node crashes by key", async (t) => {
  const page = await open(t, { at: ELECTION });
  await figure(page);
  await page.keyboard.press("ArrowDown");
  await page.locator(".lh.on").waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("c");
  await becomes(() => moves(page), [/^Crashed S1 at [\d.]+ ms/]);
});

test("from the last message of an event the Tab key leaves the figure", async (t) => {
  const page = await open(t, { at: "#/lamport/figure" });
  const shown = await figure(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  assert.equal(await shown.evaluate((element) => element === document.activeElement), false);
});

test("the list of keys opens by key and closes by key", async (t) => {
  const page = await open(t, { at: ELECTION });
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});
