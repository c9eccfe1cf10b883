// The other tools: what a press on a lane or between two lanes does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, digest, lane, moves, open } from "../lightcone.mjs";

const ELECTION = "#/raft/election";

/** Takes up a tool by its name. */
const take = (page, name) => page.getByRole("toolbar", { name: "What the pointer does" }).getByRole("button", { name }).click();

test("a press with the crash tool stops a node, the next one starts it again", async (t) => {
  const page = await open(t, { at: ELECTION });
  await take(page, "Crash");
  const early = await lane(page, "S3", 0.5);
  const late = await lane(page, "S3", 0.8);
  await page.mouse.click(early.x, early.y);
  await becomes(() => moves(page).then((all) => all.length), 1);
  assert.match((await moves(page))[0], /^Crashed S3 at [\d.]+ ms/);
  await page.locator(".g.crash.hand").waitFor();
  await page.mouse.click(late.x, late.y);
  await becomes(() => moves(page).then((all) => all.length), 2);
  assert.match((await moves(page))[1], /^Restarted S3 at [\d.]+ ms/);
  await page.locator(".g.restart.hand").waitFor();
});

test("a press with the pause tool makes a node stand still", async (t) => {
  const page = await open(t, { at: ELECTION });
  await take(page, "Pause");
  const place = await lane(page, "S3", 0.6);
  await page.mouse.click(place.x, place.y);
  await page.locator(".lane.paused").waitFor();
  assert.match((await moves(page))[0], /^Paused S3 at [\d.]+ ms/);
});

test("a press between two lanes tries to cut them off from each other, a later one to connect them", async (t) => {
  const page = await open(t, { at: ELECTION });
  await take(page, "Cut");
  const panel = page.getByRole("complementary", { name: "Cut" });
  const [above, below] = [await lane(page, "S2", 0.3), await lane(page, "S3", 0.3)];
  const between = { x: above.x, y: (above.y + below.y) / 2 };
  await page.mouse.click(between.x, between.y);
  await page.locator(".wedge.try").first().waitFor();
  await panel.getByRole("button", { name: "Cut", exact: true }).click();
  await becomes(() => moves(page).then((all) => all.length), 1);
  const right = await lane(page, "S2", 0.9);
  await page.mouse.click(right.x, between.y);
  await panel.getByRole("button", { name: "Connect again" }).click();
  await becomes(() => moves(page).then((all) => all.length), 2);
  assert.match((await moves(page))[0], /^Cut S1, S2 off from S3/);
  assert.match((await moves(page))[1], /^Connected /);
});

test("a press with the request tool asks what a client is to ask, and asks it", async (t) => {
  const page = await open(t, { at: "#/raft/log-replication" });
  const before = await digest(page);
  await take(page, "Request");
  const place = await lane(page, "c1", 0.8);
  await page.mouse.click(place.x, place.y);
  await page.getByText(/^asks at [\d.]+ ms/).waitFor();
  await page.locator(".offer").getByRole("button", { name: /^Write/ }).first().click();
  await becomes(async () => (await digest(page)) === before, false);
  await becomes(() => moves(page).then((all) => all.length), 1);
});
