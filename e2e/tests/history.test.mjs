// The browser's history: back and forward step through moves, and undo outlives the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, digest, drag, head, lane, moves, open } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const undo = (page) => page.getByRole("button", { name: "Undo", exact: true });

/** Two moves; the digests before, between and after. */
async function moved(page) {
  const seen = [await digest(page)];
  for (const name of ["S1-S3-Vote-1", "S2-S3-Vote-1"]) {
    await drag(page, head(page, name), 60, 0);
    await becomes(() => moves(page).then((all) => all.length), seen.length);
    seen.push(await digest(page));
  }
  return seen;
}

test("back and forward step through moves", async (t) => {
  const page = await open(t, { at: ELECTION });
  const [first, second, third] = await moved(page);
  await page.goBack();
  await becomes(() => digest(page), second);
  await page.goBack();
  await becomes(() => digest(page), first);
  assert.match(page.url(), /#\/raft\/election$/);
  await page.goForward();
  await page.goForward();
  await becomes(() => digest(page), third);
});

test("undo goes the same way, so that back does not bring back what was undone", async (t) => {
  const page = await open(t, { at: ELECTION });
  const [first, second, third] = await moved(page);
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), second);
  await page.goBack();
  await becomes(() => digest(page), first);
  await page.keyboard.press("Shift+Control+z");
  await becomes(() => digest(page), second);
  await page.keyboard.press("Shift+Control+z");
  await becomes(() => digest(page), third);
});

test("undo survives a reload", async (t) => {
  // The icon of the page may still be on its way.
  const page = await open(t, { at: ELECTION, allow: [/icon.*ERR_ABORTED/] });
  const [first, second, third] = await moved(page);
  await page.reload();
  await becomes(() => digest(page), third);
  await undo(page).click();
  await becomes(() => digest(page), second);
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), first);
  await becomes(() => undo(page).isDisabled(), true);
});

test("what a crash brings is not pale, until the cursor goes elsewhere", async (t) => {
  const page = await open(t, { at: `${ELECTION}?at=40` });
  await page.locator(".fig .veil").waitFor();
  await page.getByRole("toolbar").getByRole("button", { name: "Crash" }).click();
  const { x, y } = await lane(page, "S3", 0.5);
  await page.mouse.click(x, y);
  await page.locator(".g.crash.hand").first().waitFor();
  await becomes(() => page.locator(".fig .veil").count(), 0);
  const [said] = await moves(page);
  const at = /at ([\d.]+) ms/.exec(said)[1];
  assert.equal(Math.round(Number(at)), Math.round(Number.parseFloat(await page.locator(".flag-t").textContent())));
  await page.keyboard.press("Home");
  await page.locator(".fig .veil").waitFor();
});

test("the menu of a right press acts at the place pressed", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x, y } = await lane(page, "S2", 0.05);
  await page.mouse.click(x, y, { button: "right" });
  const note = page.locator(".offer .subj small");
  await note.waitFor();
  const at = /([\d.]+) ms/.exec(await note.textContent())[1];
  await page.locator(".offer").getByRole("button", { name: /^Stop/ }).click();
  await becomes(() => moves(page), [`Crashed S2 at ${at} ms`]);
});

test("a tool stays in the hand after it was used, whichever it is", async (t) => {
  const page = await open(t, { at: "#/raft?at=150" });
  const tool = (name) => page.getByRole("toolbar").getByRole("button", { name });
  for (const name of ["Crash", "Pause", "Request"]) {
    await tool(name).click();
    const { x, y } = await lane(page, name === "Request" ? "c1" : "S2", 0.5);
    await page.mouse.click(x, y);
    if (name === "Request") await page.locator(".offer").getByRole("button").first().click();
    await becomes(() => moves(page).then((all) => all.length), 1);
    assert.equal(await tool(name).getAttribute("aria-pressed"), "true", name);
    await page.keyboard.press("Control+z");
    await becomes(() => moves(page), []);
  }
});
