// What a sign of the figure means: a note on the first press, whenever somebody asks, and all signs on one page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, drag, EMBED, head, middle, NARROW, open, shot } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const VOTE = "S1-S3-Vote-1";

/** The middle of the first ground sign below a lane. */
const ground = (page) => middle(page.locator(".fig .g.persist").first());
const note = (page) => page.locator(".fig .tells");

test("the ground sign explains itself on the first press, and does not come back", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x, y } = await ground(page);
  await page.mouse.click(x, y);
  await note(page).getByText("Saved to disk").waitFor();
  await note(page).getByText(/^S\d writes to stable storage at [\d.]+ ms\. A crash does not lose it\.$/).waitFor();
  const spoken = page.locator("[aria-live=polite]", { hasText: /^Saved to disk\. S\d writes/ });
  assert.equal(await spoken.count(), 1);
  await axe(page);
  await shot(page, "sign-of-storage");
  await note(page).getByRole("button", { name: "Got it" }).click();
  await becomes(() => note(page).count(), 0);
  await page.mouse.click(x, y);
  await page.mouse.click(x, y + 40);
  assert.equal(await note(page).count(), 0);
});

test("all signs are one page, and the way back keeps what was explained", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x, y } = await ground(page);
  await page.mouse.click(x, y);
  await note(page).getByRole("link", { name: "All signs" }).click();
  await page.getByRole("heading", { name: "Signs of the figure" }).waitFor();
  assert.match(page.url(), /#\/signs$/);
  assert.match(await page.title(), /^Signs of the figure/);
  const rows = page.locator(".grammar li");
  assert.ok((await rows.count()) > 50, "every sign has a row");
  assert.equal(await rows.count(), await page.locator(".grammar li:has(svg.piece)").count(), "every row has a picture");
  await axe(page);
  await page.getByRole("link", { name: "Back to the run" }).click();
  await page.locator(".fig .g.persist").first().waitFor();
  await page.mouse.click(x, y);
  await page.mouse.click(x, y + 40);
  assert.equal(await note(page).count(), 0);
});

test("neither a drag nor a press on a plain arrow opens a note", async (t) => {
  const page = await open(t, { at: ELECTION });
  await drag(page, head(page, VOTE), 30, 0);
  await page.locator(".moves .said-move").first().waitFor();
  assert.equal(await note(page).count(), 0);
});

test("a key explains what is selected, one sign after another, and Escape gives the keys back", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x, y } = await middle(page.locator(".fig .g.spark").first());
  await page.mouse.click(x, y);
  const name = () => note(page).locator(".subj").innerText();
  await becomes(name, "Timer fired");
  const focused = (selector) => page.evaluate((selector) => document.activeElement?.matches(selector), selector);
  await becomes(() => focused(".figure-box"), true, "a press leaves the keys where they are");
  await page.keyboard.press("Escape");
  await becomes(() => note(page).count(), 0);
  await page.keyboard.press("i");
  await becomes(name, "Timer fired");
  await becomes(() => focused(".tells button"), true);
  await page.keyboard.press("i");
  await becomes(name, "Saved to disk");
  await page.keyboard.press("Shift+Tab");
  await becomes(() => focused(".tells a"), true);
  await page.keyboard.press("Escape");
  await becomes(() => note(page).count(), 0);
  await becomes(() => focused(".figure-box"), true);
});

test("the list of what can be done asks what the sign means, as often as one likes", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x, y } = await middle(page.locator(".fig .g.spark").first());
  for (const _ of [1, 2]) {
    await page.mouse.click(x, y, { button: "right" });
    await page.getByRole("button", { name: /^What is this sign\?/ }).click();
    await note(page).getByText("Timer fired").waitFor();
    await page.keyboard.press("Escape");
    await becomes(() => note(page).count(), 0);
  }
});

test("on a phone the sheet says what a sign means", async (t) => {
  const page = await open(t, { at: ELECTION, size: NARROW, hasTouch: true, isMobile: true });
  const { x, y } = await ground(page);
  await page.touchscreen.tap(x, y);
  const sheet = page.getByRole("region", { name: "Subject and commands" });
  await sheet.getByText("Saved to disk").waitFor();
  assert.equal(await note(page).isVisible(), false, "not over the figure, too");
  await axe(page);
  await shot(page, "sign-on-a-phone");
  await sheet.getByRole("button", { name: "Got it" }).tap();
  await becomes(() => sheet.getByText("Saved to disk").count(), 0);
});

test("the page of all signs is reached from the menu and from the keys", async (t) => {
  const page = await open(t, { at: ELECTION, size: EMBED });
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("link", { name: "All signs" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  const link = page.getByRole("dialog").getByRole("link", { name: "Signs of the figure" });
  await link.click();
  await page.getByRole("heading", { name: "Signs of the figure" }).waitFor();
});

test("the page of all signs fits a phone in the dark", async (t) => {
  const page = await open(t, { at: "#/signs", size: NARROW, colorScheme: "dark" });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= NARROW.width, `${wide}`);
  await axe(page);
});
