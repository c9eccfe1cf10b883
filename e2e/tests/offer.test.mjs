// What can be done with what is selected: a list beside it, by the other mouse button or by Enter, whose entries do
// what keys do; the same keys can be pressed in the margin. Nothing needs a drag.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMBED, axe, becomes, digest, head, middle, moves, open, shot } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const VOTE = "S1-S3-Vote-1";
const offer = (page) => page.locator(".offer");

async function chosen(page, name = VOTE) {
  const { x, y } = await middle(head(page, name));
  await page.mouse.click(x, y, { button: "right" });
  await offer(page).waitFor();
}

test("the other mouse button opens what can be done with a message, and an entry does it", async (t) => {
  const page = await open(t, { at: ELECTION });
  const before = await digest(page);
  await chosen(page);
  await axe(page, ".offer");
  await shot(page, "offer-wide-light");
  await offer(page).getByRole("button", { name: "Drop" }).click();
  await becomes(() => moves(page), ["Dropped S1’s vote to S3"]);
  assert.equal(await offer(page).count(), 0);
  await chosen(page);
  await offer(page).getByRole("button", { name: "Put back" }).click();
  await becomes(() => digest(page), before);
});

test("Enter opens it, the arrow keys walk through it, Escape closes it and the figure has the keys again", async (t) => {
  const page = await open(t, { at: ELECTION });
  await page.getByRole("application").focus();
  await page.keyboard.press("ArrowDown");
  await page.locator(".lh.on").waitFor();
  await page.keyboard.press("Enter");
  await becomes(() => page.evaluate(() => document.activeElement.textContent), "Stop memory is lostC");
  await page.keyboard.press("ArrowDown");
  await becomes(() => page.evaluate(() => document.activeElement.textContent), "PauseZ");
  await page.keyboard.press("Escape");
  await becomes(() => page.evaluate(() => document.activeElement.getAttribute("role")), "application");
  assert.equal(await offer(page).count(), 0);
});

test("a time is typed; one that cannot be is asked for again", async (t) => {
  const page = await open(t, { at: ELECTION });
  await chosen(page);
  await offer(page).getByRole("button", { name: "Arrive at a time" }).click();
  const field = page.locator(".arrival input");
  await field.fill("1");
  await field.press("Enter");
  await becomes(() => field.getAttribute("aria-invalid"), "true");
  await field.fill("140.5");
  await field.press("Enter");
  await becomes(() => moves(page), [/^Delayed S1’s vote to S3 by/]);
  await becomes(async () => /arrives.* at 140.5 ms/.test(await page.locator(`[data-message="${VOTE}"]`).getAttribute("aria-label")), true);
});

test("what was offered of a run goes when the run changes", async (t) => {
  const page = await open(t, { at: ELECTION });
  await chosen(page);
  await offer(page).getByRole("button", { name: "Drop" }).click();
  await becomes(() => moves(page), ["Dropped S1’s vote to S3"]);
  await chosen(page);
  await page.keyboard.press("Control+z");
  await becomes(() => moves(page), []);
  await becomes(() => offer(page).count(), 0);
});

test("why, past and future light what they say", async (t) => {
  const page = await open(t, { at: ELECTION });
  await chosen(page);
  await offer(page).getByRole("button", { name: "Why was it sent?" }).click();
  await page.locator(".fig .unlit").waitFor();
  await page.locator(".fig .lit path, .fig .lit line").first().waitFor();
  await page.keyboard.press("p");
  await page.locator(".fig .cone").waitFor();
  await page.keyboard.press("f");
  await becomes(() => page.locator(".fig .cone").count(), 0);
  assert.equal(await page.locator(".fig .cone-e").count(), 1);
});

test("the keys in the margin can be pressed", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x, y } = await middle(head(page, VOTE));
  await page.mouse.click(x, y);
  await page.locator(".keys").getByRole("button", { name: "Duplicate" }).click();
  await becomes(() => moves(page).then((all) => all.length), 1);
});

test("the events are also a plain table, with the same selection", async (t) => {
  const page = await open(t, { at: ELECTION });
  await page.keyboard.press("l");
  const table = page.locator(".list");
  await table.waitFor();
  await axe(page);
  await shot(page, "list-wide-light");
  await table.getByRole("button", { name: "Vote, term 1 to S3" }).first().click();
  await page.locator(".margin").getByText(/^Vote, S\d to S3/).first().waitFor();
  await page.locator(".keys").getByRole("button", { name: "Drop" }).click();
  await becomes(async () => /^Dropped/.test((await moves(page))[0] ?? ""), true);
  await page.keyboard.press("l");
  await page.locator("svg.fig").first().waitFor();
});

test("keys of one letter can be switched off", async (t) => {
  const page = await open(t, { at: ELECTION });
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: /^Keys without Ctrl/ }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("l");
  await page.keyboard.press("s");
  assert.equal(await page.locator(".list").count(), 0);
  assert.equal(await page.locator(".steps").count(), 0);
});

test("in step mode a choice is seen before it is made", async (t) => {
  const page = await open(t, { at: `${ELECTION}?at=62` });
  await page.keyboard.press("s");
  const before = await digest(page);
  await page.locator(".steps").getByRole("button", { name: /^2/ }).hover();
  await page.locator(".glance .ghost").first().waitFor();
  assert.equal(await digest(page), before);
  await shot(page, "steps-wide-light");
  await page.keyboard.press("2");
  await becomes(async () => (await digest(page)) === before, false);
});

test("the list fits a small figure", async (t) => {
  const page = await open(t, { at: "#/embed/raft/election", size: EMBED });
  await chosen(page);
  const [list, figure] = [await offer(page).boundingBox(), await page.locator(".figure").boundingBox()];
  assert.ok(list.x >= figure.x && list.x + list.width <= figure.x + figure.width);
  await shot(page, "offer-embed-light");
});
