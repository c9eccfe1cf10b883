// The figure under a finger, on a narrow screen: a tap selects, a long press takes, a swipe scrolls the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, digest, fingerHold, head, middle, moves, NARROW, open } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const VOTE = "S1-S3-Vote-1";
const TOUCH = { size: NARROW, hasTouch: true, isMobile: true };

test("a tap selects a message, and the sheet's buttons do what a drag does", async (t) => {
  const page = await open(t, { at: ELECTION, ...TOUCH });
  const before = await digest(page);
  const { x, y } = await middle(head(page, VOTE));
  await page.touchscreen.tap(x, y);
  await page.locator(".fig .sel-out").waitFor({ state: "attached" });
  const sheet = page.getByRole("region", { name: "Subject and commands" });
  await sheet.getByRole("button", { name: "Later" }).click();
  await becomes(async () => (await digest(page)) === before, false);
  await sheet.getByRole("button", { name: "Undo" }).click();
  await becomes(() => digest(page), before);
  await sheet.getByRole("button", { name: "Drop" }).click();
  await sheet.getByRole("button", { name: "Put back" }).click();
  await becomes(() => digest(page), before);
  await sheet.getByRole("button", { name: "Twice" }).click();
  await becomes(() => page.locator(`[data-message="${VOTE}-copy1"]`).count(), 1);
});

test("a finger that rests on a head takes it, and time runs down", async (t) => {
  const page = await open(t, { at: ELECTION, ...TOUCH });
  const finger = await fingerHold(page, head(page, VOTE));
  await page.locator(".grip").waitFor();
  await finger.move(0, 120);
  await page.getByText("first difference").waitFor();
  await finger.lift();
  await becomes(() => moves(page), [/^Delayed S1’s vote to S3 by \d/]);
  assert.equal(await page.evaluate(() => window.scrollY), 0);
});

test("a finger that moves at once scrolls the page and takes nothing", async (t) => {
  const page = await open(t, { at: ELECTION, ...TOUCH });
  const before = await digest(page);
  const finger = await fingerHold(page, head(page, VOTE));
  await finger.move(0, -200);
  await finger.lift();
  await becomes(() => page.evaluate(() => window.scrollY > 0), true);
  assert.equal(await digest(page), before);
});
