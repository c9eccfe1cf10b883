// What a reader sees at first, and what the page says of it: where a run opens, what a property means, what a move changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, digest, drag, head, lane, middle, moves, NARROW, open, shot, tabTo } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const VOTE = "S1-S3-Vote-1";

/** The lines of "What your move changed". */
const changed = (page) => page.locator("section", { hasText: "What your move changed" }).locator(".log li").allInnerTexts();

test("a move that is adjusted twice is told as a whole, against the run without it", async (t) => {
  const page = await open(t, { at: "#/raft/one-heartbeat-late" });
  const late = "S1-S2-Heartbeat-3";
  await drag(page, head(page, late), 12, 0);
  await becomes(() => changed(page).then((lines) => lines.length > 1), true);
  const once = await digest(page);
  await page.keyboard.press("Shift+ArrowRight");
  await becomes(() => digest(page).then((now) => now !== once), true);
  const lines = await changed(page);
  assert.ok(lines.some((line) => /becomes (candidate|leader)/.test(line)), lines.join("\n"));
});

test("an empty run opens at its first turning point, and the cursor is inside the window", async (t) => {
  const page = await open(t, { at: "#/raft" });
  await page.locator(".fig .cursor-flag").waitFor();
  await page.locator(".fig .el", { hasText: /^leader$/ }).waitFor();
  await page.getByText(/becomes leader/).first().waitFor();
});

test("a run goes on by the button behind its end, and by the one beside the mini-map", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  const length = () => page.locator(".clock span").innerText().then((text) => text.trim());
  const before = Number(/([\d.]+) ms/.exec(await length())[1]);
  await page.keyboard.press("0");
  await page.locator(".fig").getByRole("button", { name: "Run longer" }).click();
  await becomes(length, `/ ${2 * before} ms`);
  await page.locator(".transport").getByRole("button", { name: "Run longer" }).click();
  await becomes(length, `/ ${4 * before} ms`);
  assert.deepEqual(await moves(page), [], "it is no move");
  await page.getByRole("button", { name: "Undo" }).click();
  await becomes(length, `/ ${2 * before} ms`);
});

test("a property explains itself by mouse and by keys, and leads to a run that breaks it", async (t) => {
  const page = await open(t, { at: ELECTION });
  const property = page.getByRole("button", { name: /^Election safety/ });
  const note = page.locator(".explains", { hasText: "Each term has at most one leader." });
  assert.equal(await note.isVisible(), false);
  await property.click();
  await note.waitFor();
  await axe(page);
  await shot(page, "property");
  await page.keyboard.press("Escape");
  await becomes(() => note.isVisible(), false);
  await tabTo(page, property);
  await note.waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText(/Election safety, broken at/).first().waitFor();
});

test("on a phone a property explains itself where it stands", async (t) => {
  const page = await open(t, { at: ELECTION, size: NARROW, hasTouch: true });
  await page.getByRole("button", { name: /^Election safety/ }).tap();
  await page.getByText("Each term has at most one leader.").waitFor();
  await axe(page);
});

test("who is refused a vote is told so with a reason", async (t) => {
  const page = await open(t, { at: "#/raft/split-vote" });
  const refused = page.locator(".m .no");
  assert.equal(await refused.count(), 4);
  assert.match(await page.locator("[data-message]:has(.no)").first().getAttribute("aria-label"), /^No vote, term 1: voted for S\d/);
  await page.locator(".fig text", { hasText: /^no/ }).first().waitFor();
});

test("the event below an arrow's head is selected with one press, and its light cone shows", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x } = await middle(head(page, VOTE));
  const { y } = await lane(page, "S3", 0.5);
  await page.mouse.click(x, y);
  await page.getByRole("heading", { name: "Selected event" }).waitFor();
  await page.locator(".fig .cone").waitFor({ state: "attached" });
  await page.keyboard.press("f");
  await page.locator(".fig .cone").waitFor({ state: "detached" });
  await page.locator(".fig .cone-e").waitFor({ state: "attached" });
});

test("at a violation its light cone is at hand", async (t) => {
  const page = await open(t, { at: "#/raft/votes-twice-in-a-term" });
  await page.getByRole("button", { name: "To the violation" }).click();
  await page.getByRole("heading", { name: "Selected event" }).waitFor();
  await page.locator(".fig .cone").waitFor({ state: "attached" });
});

test("with forced colours the words of the black button can be read", async (t) => {
  const page = await open(t, { at: ELECTION, forcedColors: "active" });
  const [text, ground] = await page.locator(".btn.main").evaluate((button) => {
    const style = getComputedStyle(button);
    return [style.color, style.backgroundColor];
  });
  assert.notEqual(text, ground);
});

test("the list of keys fits the page", async (t) => {
  const page = await open(t, { at: ELECTION, size: { width: 1024, height: 600 } });
  await page.keyboard.press("?");
  const box = await page.locator("dialog[open]").boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height <= 600, JSON.stringify(box));
});

test("the six logs of Figure 7 stand side by side, with the leader's", async (t) => {
  const page = await open(t, { at: "#/raft/figure-7" });
  const rows = page.locator(".logs tbody tr");
  await becomes(() => rows.count(), 7);
  const terms = await rows.first().locator(".tm").allInnerTexts();
  assert.deepEqual(terms, ["1", "1", "1", "4", "4", "5", "5", "6", "6", "6"], "the leader's log is the paper's");
  await axe(page, ".margin");
});

test("a timer that is armed says when it fires", async (t) => {
  const page = await open(t, { at: "#/raft?at=20&select=n1" });
  await page.locator("dt", { hasText: "Election" }).first().waitFor();
  await page.getByText(/^fires at [\d.]+ ms$/).first().waitFor();
});
