// The figure under fingers: a tap selects, a long press takes, a swipe scrolls the page; two fingers pan and zoom.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, digest, fingerHold, head, MEDIUM, middle, moves, NARROW, open, twoFingers } from "../lightcone.mjs";

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

test("a tap with the request tool asks what to ask, and the tap itself does not answer it", async (t) => {
  const page = await open(t, { at: "#/raft", ...TOUCH });
  await page.getByRole("toolbar", { name: "What the pointer does" }).getByRole("button", { name: "Request" }).tap();
  const { x } = await middle(page.locator(".lh-name", { hasText: "S2" }));
  const { y } = await middle(page.locator("svg.fig"));
  await page.touchscreen.tap(x, y);
  await page.getByText(/^asks at [\d.]+ ms/).waitFor();
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

/** The figure's window as the mini-map shows it: its start and its width, in percent of the run. */
const shown = async (page) => {
  const [start, width] = await page.locator(".mm-win").evaluate((frame) => ["x", "width"].map((name) => Number.parseFloat(frame.getAttribute(name))));
  return { start, width };
};

for (const [name, size, along] of [
  ["down", NARROW, (at) => [200, 420 + at]],
  ["to the right", MEDIUM, (at) => [560 + at, 300]],
]) {
  test(`two fingers zoom and pan where time runs ${name}, and neither scrolls the page nor moves anything`, async (t) => {
    const page = await open(t, { at: ELECTION, size, hasTouch: true, isMobile: true });
    await page.locator(".tick-t").first().waitFor();
    const before = await digest(page);
    const { width: whole } = await shown(page);
    await twoFingers(page, [along(-40), along(40)], [along(-120), along(120)]);
    await becomes(async () => (await shown(page)).width < whole / 2, true);
    const { start, width } = await shown(page);
    await twoFingers(page, [along(60), along(140)], [along(-100), along(-20)]);
    await becomes(async () => (await shown(page)).start > start, true);
    assert.ok(Math.abs((await shown(page)).width - width) < 0.05, "panning does not zoom");
    await twoFingers(page, [along(-150), along(150)], [along(-20), along(20)]);
    await becomes(async () => (await shown(page)).width > whole * 0.9, true);
    assert.equal(await digest(page), before);
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await page.locator(".sel-out").waitFor({ state: "detached" });
  });
}

test("a second finger does not let go of a message that is held", async (t) => {
  const page = await open(t, { at: ELECTION, ...TOUCH });
  const finger = await fingerHold(page, head(page, VOTE));
  await page.locator(".grip").waitFor();
  const place = await page.locator(".grip").getAttribute("cy");
  await finger.second({ x: 200, y: 600 });
  assert.equal(await page.locator(".grip").getAttribute("cy"), place);
  await finger.move(0, 120);
  await page.getByText("first difference").waitFor();
  await finger.lift();
  await becomes(() => moves(page), [/^Delayed S1’s vote to S3 by \d/]);
});

test("lanes that do not fit are reached by panning across, by a press and by the keyboard; the axis stays", async (t) => {
  const page = await open(t, { at: "#/raft/figure-8", ...TOUCH });
  const box = page.locator(".figure-box");
  const name = (lane) => page.locator(".lh-name", { hasText: lane });
  const seen = async (lane) => {
    const { x } = await middle(name(lane));
    return x > 41 && x < 380;
  };
  const axis = await page.locator(".rail").boundingBox();
  assert.equal(await seen("c2"), false, "seven lanes do not fit");
  await twoFingers(page, [[220, 400], [300, 400]], [[100, 400], [180, 400]]);
  await becomes(() => seen("c2"), true);
  assert.deepEqual(await page.locator(".rail").boundingBox(), axis);
  const at = await middle(page.locator(".flag"));
  await page.touchscreen.tap(at.x, 400);
  await becomes(async () => (await middle(page.locator(".flag"))).y < at.y, true);
  await box.evaluate((box) => box.scrollTo(0, 0));
  assert.equal(await seen("c2"), false);
  const { y } = await middle(name("c1"));
  for (const lane of ["c1", "c2"]) {
    // Each press on the lane that is seen by half shows it, and half of the next one.
    await page.touchscreen.tap(384, y);
    await becomes(() => seen(lane), true);
  }
  await box.evaluate((box) => box.scrollTo(0, 0));
  await box.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await becomes(() => seen("c2"), true);
});

test("where lanes do not fit, a run opens where the lane of its event is seen", async (t) => {
  // The sheet speaks of A3, the sixth of seven lanes.
  const page = await open(t, { at: "#/paxos/dueling-proposers", ...TOUCH });
  await page.locator(".sheet").getByText("A3 receives P3’s accept").waitFor();
  await becomes(async () => (await middle(page.locator(".lh-name", { hasText: "A3" }))).x < 360, true);
});

test("the sheet opens a part of the notes over itself and shuts it again", async (t) => {
  const page = await open(t, { at: "#/raft/stale-read-from-deposed-leader", ...TOUCH });
  const sheet = page.getByRole("region", { name: "Subject and commands" });
  const notes = page.getByRole("complementary", { name: "Notes" });
  const heads = () => notes.getByRole("heading").allTextContents();
  const figure = await page.locator("svg.fig").boundingBox();
  assert.equal(await notes.isVisible(), false);
  for (const [name, head] of [["State", /^State of /], ["Clocks", "Clocks"], ["Its future", "Its future"]]) {
    const button = sheet.getByRole("button", { name });
    assert.ok((await button.boundingBox()).height >= 44);
    await button.tap();
    await becomes(heads, [head]);
    assert.equal(await button.getAttribute("aria-expanded"), "true");
  }
  await page.locator(".fig .cone-e").waitFor();
  const panel = await notes.boundingBox();
  const { y } = await sheet.boundingBox();
  assert.ok(panel.y + panel.height <= y + 24 && panel.y > 300, "it lies on the sheet, and the figure is still seen");
  assert.deepEqual(await page.locator("svg.fig").boundingBox(), figure);
  await sheet.getByRole("button", { name: "Its future" }).tap();
  await notes.waitFor({ state: "hidden" });
});

test("all notes begin with the author's, end with other runs, and lead to step mode", async (t) => {
  const page = await open(t, { at: "#/raft/stale-read-from-deposed-leader", ...TOUCH });
  const sheet = page.getByRole("region", { name: "Subject and commands" });
  const notes = page.getByRole("complementary", { name: "Notes" });
  await sheet.getByRole("button", { name: "All notes" }).tap();
  await notes.getByText("S1 is cut off and does not know").waitFor();
  await notes.getByText("System", { exact: true }).waitFor();
  await notes.getByText("More runs", { exact: true }).waitFor();
  await sheet.getByRole("button", { name: "Step mode" }).tap();
  const steps = page.getByRole("complementary", { name: "What happens next?" });
  await steps.waitFor();
  const flag = () => page.locator(".flag-t").textContent();
  const before = await flag();
  await steps.getByRole("button").first().tap();
  await becomes(async () => (await flag()) === before, false);
  await sheet.getByRole("button", { name: "Step mode" }).tap();
  await sheet.getByRole("button", { name: "Close notes" }).tap();
  await notes.waitFor({ state: "hidden" });
});

test("while a message is held, the sheet says when it arrives and what that changes", async (t) => {
  const page = await open(t, { at: "#/raft/one-vote-short", ...TOUCH });
  const sheet = page.getByRole("region", { name: "Subject and commands" });
  const finger = await fingerHold(page, head(page, "S5-S3-Vote-1"));
  await page.locator(".grip").waitFor();
  await finger.move(0, 200);
  const said = () => sheet.locator("p").allInnerTexts();
  await becomes(said, [/^Vote, S5 to S3 arrives [\d.]+ ms [\d.]+$/, "S3 no longer becomes leader in term 2"]);
  await finger.lift();
});

test("on a phone tools are words, every role is named, and the sheet covers neither axis nor flag", async (t) => {
  for (const at of ["#/raft", "#/raft/split-vote", "#/raft/votes-twice-in-a-term"]) {
    const page = await open(t, { at, ...TOUCH });
    const sheet = page.getByRole("region", { name: "Subject and commands" });
    await page.locator(".fig .cursor-flag").first().waitFor({ state: "attached" });
    for (const tool of ["Move", "Crash", "Pause", "Cut"]) {
      assert.equal(await page.locator(".tools").getByText(tool, { exact: true }).isVisible(), true, tool);
    }
    const { y } = await sheet.boundingBox();
    const flag = await page.locator(".fig .flag-t").boundingBox();
    assert.ok(flag.y + flag.height <= y, `${at}: the sheet covers the flag`);
    if (at === "#/raft") await page.locator(".lh-role", { hasText: "candidate" }).waitFor();
    await page.locator(".tools").getByText("Crash", { exact: true }).tap();
    await sheet.getByText("Press a lane at the time when its node should stop or restart.").waitFor();
    await axe(page);
  }
});
