// Cutting lanes off: chosen with mouse, finger or keys; seen at once, and a move only when it is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, digest, EMBED, lane, MEDIUM, middle, moves, NARROW, open, shot } from "../lightcone.mjs";

// Five servers and a client; S1 leads.
const RAFT = "#/raft/log-replication?at=100";
const TOUCH = { size: NARROW, hasTouch: true, isMobile: true };
const name = (page, lane) => page.locator(".lh-name", { hasText: lane }).first();
const panel = (page) => page.getByRole("complementary", { name: "Cut" });
const sheet = (page) => page.getByRole("region", { name: "Subject and commands" });
const ticked = (page) => page.locator(".box.on").count();
const take = (page, tool) => page.getByRole("toolbar", { name: "What the pointer does" }).getByRole("button", { name: tool }).click();

async function press(page, lane) {
  const { x, y } = await middle(name(page, lane));
  await page.mouse.click(x, y);
}

async function tap(page, lane) {
  const { x, y } = await middle(name(page, lane));
  await page.touchscreen.tap(x, y);
}

/** Which clients a cut that was made stops: none, if they stay connected. */
const parted = async (page) => (await moves(page)).at(-1);

test("the leader is cut off from the servers by its head, and the clients stay", async (t) => {
  const page = await open(t, { at: RAFT });
  const before = await digest(page);
  await press(page, "S1");
  const offer = page.locator(".offer");
  await offer.getByText("at the cursor, 100 ms").waitFor();
  await axe(page, ".offer");
  await shot(page, "lane-menu-wide-light");
  await offer.getByRole("button", { name: /^Cut off from S2, S3, S4 and S5 clients stay/ }).click();
  await page.locator(".wedge.try").first().waitFor();
  await panel(page).getByText("S1 from S2, S3, S4 and S5").waitFor();
  await becomes(() => ticked(page), 1);
  assert.equal(await digest(page), before, "it is no move yet");
  await panel(page).getByText("What your move changed").waitFor();
  await axe(page);
  await shot(page, "cut-wide-light");
  await panel(page).getByRole("button", { name: "Cut", exact: true }).click();
  await becomes(() => moves(page), ["Cut S1 off from S2-S5 at 100 ms"]);
  await becomes(async () => (await digest(page)) === before, false);
  await becomes(() => page.locator(".wedge.try").count(), 0);
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), before);
});

test("Escape takes back what is only tried, and then puts the tool away", async (t) => {
  const page = await open(t, { at: RAFT });
  const before = await digest(page);
  await take(page, "Cut");
  await becomes(() => page.locator(".box").count(), 5);
  const place = await lane(page, "S2", 0.4);
  await page.mouse.click(place.x, place.y);
  await panel(page).getByText("S2 from S1, S3, S4 and S5").waitFor();
  await press(page, "S3");
  await panel(page).getByText("S2 and S3 from S1, S4 and S5").waitFor();
  await page.locator(".wedge.try").first().waitFor();
  await page.keyboard.press("Escape");
  await becomes(() => page.locator(".wedge").count(), 0);
  await becomes(() => page.locator(".box").count(), 5);
  await page.keyboard.press("Escape");
  await becomes(() => page.locator(".box").count(), 0);
  assert.deepEqual([await digest(page), await moves(page)], [before, []]);
});

test("one way: only what it sends, only what it hears; and clients on a side", async (t) => {
  const page = await open(t, { at: RAFT });
  await press(page, "S1");
  await page.locator(".offer").getByRole("button", { name: /^Cut off/ }).click();
  await panel(page).getByRole("radio", { name: "Only what S1 hears" }).check();
  await page.locator(".wedge.try + path + .wedge-way").first().waitFor();
  await panel(page).getByRole("radio", { name: "Only what S1 sends" }).check();
  await panel(page).getByRole("checkbox", { name: "Clients stay connected" }).uncheck();
  await becomes(() => page.locator(".box").count(), 6);
  await press(page, "c1");
  await panel(page).getByText("S1 and c1 from S2, S3, S4 and S5").waitFor();
  await panel(page).getByRole("button", { name: "Cut", exact: true }).click();
  await becomes(() => parted(page), "Cut messages from S1, c1 to S2-S5 at 100 ms");
});

test("X, arrows, Space and Enter cut; X on the lane connects again", async (t) => {
  const page = await open(t, { at: RAFT });
  await page.getByRole("application").focus();
  await page.keyboard.press("x");
  await becomes(() => page.locator(".box").count(), 5);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await panel(page).getByText("S2 from S1, S3, S4 and S5").waitFor();
  await becomes(async () => /Cut S2 from S1, S3, S4 and S5/.test(await page.locator("[aria-live=polite]").first().innerText()), true);
  assert.deepEqual(await moves(page), []);
  await page.keyboard.press("Enter");
  await becomes(() => moves(page), ["Cut S2 off from S1, S3-S5 at 100 ms"]);
  await page.keyboard.press("x");
  await becomes(() => moves(page).then((all) => all.length), 2);
  assert.match(await parted(page), /^Connected S2 with S1, S3-S5 again/);
});

test("a tap on a lane's head has its commands in the sheet, a cut among them", async (t) => {
  const page = await open(t, { at: RAFT, ...TOUCH });
  const before = await digest(page);
  await tap(page, "S1");
  for (const command of ["Stop", "Pause", "Cut off from S2, S3, S4 and S5"]) {
    const { height } = await sheet(page).getByRole("button", { name: command, exact: true }).boundingBox();
    assert.ok(height >= 44, command);
  }
  await axe(page);
  await shot(page, "lane-narrow-light");
  await sheet(page).getByRole("button", { name: "Cut off from S2, S3, S4 and S5" }).tap();
  await page.locator(".wedge.try").first().waitFor();
  await sheet(page).getByText("Cut S1 from S2, S3, S4 and S5", { exact: true }).waitFor();
  await axe(page);
  await shot(page, "cut-narrow-light");
  await tap(page, "S2");
  await sheet(page).getByText("Cut S1 and S2 from S3, S4 and S5", { exact: true }).waitFor();
  await sheet(page).getByRole("button", { name: "Cancel" }).tap();
  await becomes(() => page.locator(".wedge").count(), 0);
  assert.equal(await digest(page), before);
  await tap(page, "S1");
  await sheet(page).getByRole("button", { name: "Stop", exact: true }).tap();
  await sheet(page).getByRole("button", { name: "Restart", exact: true }).waitFor();
  await sheet(page).getByRole("button", { name: "Undo" }).tap();
  await becomes(() => digest(page), before);
});

test("on a phone a client is asked from the sheet", async (t) => {
  const page = await open(t, { at: RAFT, ...TOUCH });
  const before = await digest(page);
  await tap(page, "c1");
  await sheet(page).getByText("Send a request…").tap();
  await shot(page, "requests-narrow-light");
  await sheet(page).getByRole("button", { name: /^Write x/ }).tap();
  await becomes(async () => (await digest(page)) === before, false);
});

test("where the margin is below the figure, the cut is kept in the sheet", async (t) => {
  for (const size of [MEDIUM, EMBED]) {
    const page = await open(t, { at: RAFT, size });
    await press(page, "S1");
    await page.locator(".offer").getByRole("button", { name: /^Cut off/ }).click();
    const keep = sheet(page).getByRole("button", { name: "Cut", exact: true });
    await keep.waitFor();
    await axe(page);
    const { y, height } = await keep.boundingBox();
    assert.ok(y + height <= size.height, "it is on the screen");
    await shot(page, `cut-${size.width}-light`);
    await keep.click();
    await becomes(() => moves(page).then((all) => all.length), 1);
  }
});

test("in an embedded figure a cut by the menu is kept at once", async (t) => {
  const page = await open(t, { at: "#/embed/raft/log-replication?at=100", size: EMBED });
  await press(page, "S1");
  await page.locator(".offer").getByRole("button", { name: /^Cut off/ }).click();
  await page.locator(".wedge").first().waitFor();
  await becomes(() => page.locator(".wedge.try").count(), 0);
});

test("a leader that is cut off at the moment of its election has been elected", async (t) => {
  const page = await open(t, { at: "#/raft" });
  await press(page, "S3");
  await page.locator(".offer").getByRole("button", { name: /^Cut off/ }).click();
  await panel(page).getByRole("button", { name: "Cut", exact: true }).click();
  await page.locator(".margin .facts").getByText("leader of term 1").waitFor();
});
