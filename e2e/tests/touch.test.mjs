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

test("whatever of the message is under the finger, it stays in the hand", async (t) => {
  const page = await open(t, { at: "#/raft/one-vote-short", ...TOUCH });
  for (const name of ["S5-S3-Vote-1", "S2-S3-Vote-1", "S3-S2-Heartbeat-1"]) {
    const finger = await fingerHold(page, head(page, name));
    await page.locator(".grip").waitFor();
    await finger.move(0, 40, 8);
    await page.getByText("first difference").first().waitFor();
    await finger.lift();
    await page.locator(".grip").waitFor({ state: "detached" });
  }
  await becomes(() => moves(page).then((all) => all.length), 3);
});

test("a tap with the request tool opens the dialog, and the tap itself does not answer it", async (t) => {
  const page = await open(t, { at: "#/raft", ...TOUCH });
  await page.getByRole("toolbar", { name: "What the pointer does" }).getByRole("button", { name: "Request" }).tap();
  const { x } = await middle(page.locator(".lh-name", { hasText: "S2" }));
  const { y } = await middle(page.locator("svg.fig"));
  await page.touchscreen.tap(x, y);
  await page.getByRole("dialog", { name: /^What does S2 ask at/ }).waitFor();
  await page.getByRole("button", { name: "Close" }).tap();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual(await moves(page), []);
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
