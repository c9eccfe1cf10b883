// Questions: what is asked stands beside the figure, ticks follow the hand, and an answer is a link that is judged by running it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMBED, NARROW, TOP, WIDE, axe, becomes, digest, drag, head, hold, lane, moves, open, shot, tabTo } from "../lightcone.mjs";

const BLOCK = "#/challenge/2pc/leave-both-in-doubt";
const INVERSION = "#/challenge/sequence-numbers/blocks-inversion";

const panel = (page) => page.getByRole("region", { name: "Question" });
const ticks = (page) => panel(page).locator(".goal li.is").count();
const said = (page) => panel(page).locator("p[role=status]").first().innerText();
const button = (page, name) => panel(page).getByRole("button", { name });
const take = (page, name) => page.getByRole("toolbar", { name: "What the pointer does" }).getByRole("button", { name }).click();

/** A page whose clipboard can be read. */
async function asked(t, at, options = {}) {
  const page = await open(t, { at, permissions: ["clipboard-read", "clipboard-write"], ...options });
  await panel(page).waitFor({ state: "attached" });
  return page;
}

/** Crashes the coordinator while both votes are on their way. */
async function solve(page) {
  await take(page, "Crash");
  const place = await lane(page, "TM", await part(page, 68));
  await page.mouse.click(place.x, place.y);
  await becomes(() => ticks(page), 2);
}

/** The place of a moment in the window. */
async function part(page, at) {
  const [from, to] = await page.evaluate(() => {
    const scroll = document.querySelector("[role=slider][aria-valuetext]");
    return scroll ? [0, 0] : [0, 0];
  });
  return to > from ? (at - from) / (to - from) : at / 320;
}

/** The link of the answer, as the reader copies it. */
async function answer(page) {
  await button(page, "Copy answer link").click();
  await button(page, "Copied").waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Goes on from here by an address, as somebody who pastes it. */
const paste = (page, hash) => page.evaluate((hash) => (location.hash = hash), hash);

test("a challenge is solved by a drag: its tick comes while one drags, then moves against par", async (t) => {
  const page = await asked(t, INVERSION);
  assert.equal(await ticks(page), 0);
  assert.match(await panel(page).innerText(), /0 of 1 move/);
  await hold(page, head(page, "c1-N1-Write-1"), 150, 0);
  await becomes(() => ticks(page), 1);
  await page.mouse.up();
  await panel(page).getByText("Solved at par: 1 move.", { exact: true }).waitFor();
  assert.match(await said(page), /^Solved at par: 1 move\. A block is a stretch/);
  await axe(page);
});
