// The first page: runs are found by their words, and a run in a file is opened by dropping it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WIDE, axe, becomes, digest, drag, head, open, shot } from "../lightcone.mjs";

const cards = (page) => page.locator(".card b").allInnerTexts();

test("runs are found by the words of their titles and texts, and the first figure is kept", async (t) => {
  const page = await open(t, { size: WIDE });
  const all = (await cards(page)).length;
  await drag(page, page.locator(".herofig .hit").nth(4), 40, 0);
  const moved = await page.getByRole("link", { name: "Open this run" }).getAttribute("href");
  assert.match(moved, /#\/run\//);
  await page.getByRole("searchbox").fill("figure 8");
  await becomes(async () => (await cards(page)).includes("Figure 8: a majority is not enough"), true);
  assert.ok((await cards(page)).length < all);
  await axe(page);
  await shot(page, "search-wide-light");
  await page.getByRole("searchbox").fill("no such words");
  await page.getByText(/^No run has these words/).waitFor();
  await page.getByRole("searchbox").fill("");
  await becomes(() => cards(page).then((shown) => shown.length), all);
  assert.equal(await page.getByRole("link", { name: "Open this run" }).getAttribute("href"), moved);
});

/** Drops a file with this text on the page. */
const drop = (page, text) =>
  page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "mine.scenario", { type: "text/plain" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text);

test("a scenario file that is dropped on the page is opened; a bad one says what is wrong and changes nothing", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  const before = await digest(page);
  await drop(page, "lightcone 1\nprotocol lamport 1\nseed 3\nscript\n  at 10 ms request c1 write-at N1 0\n");
  await page.getByRole("heading", { name: "This file cannot be opened" }).waitFor();
  assert.equal(await digest(page), before);
  await drop(page, "lightcone 1\nprotocol lamport 1\ntitle Mine\nseed 3\n");
  await page.getByRole("heading", { name: "Mine" }).waitFor();
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), before);
});

test("a move outside of what the protocol assumes says so beside it and beside the promise that breaks", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  const run = (move) =>
    "lightcone 1\nprotocol lamport 1\ntitle Mine\nscript\n  at 5 ms request c1 write-at N1\n  at 60 ms crash N1\n" +
    `  at 62 ms restart N1\n  at 100 ms request c2 write-at N1\nmoves\n${move}`;
  const sentence = page.getByText("A disk was lost: this is outside the fault model of Lamport timestamps.");
  await drop(page, run("  at 61 ms lose-disk N1\n"));
  await page.getByRole("heading", { name: "Mine" }).waitFor();
  await becomes(() => sentence.count(), 3);
  await page.keyboard.press("Control+z");
  await becomes(() => sentence.count(), 0);
});
