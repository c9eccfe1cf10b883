// What the page says when there is nothing to show, too much, not yet, or no network; and that no text of a link or
// a file is ever more than text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TOP, allParts, axe, becomes, blank, digest, drag, head, moves, open, shot } from "../lightcone.mjs";

/** Drops a file with this text on the page. */
const drop = (page, text) =>
  page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "mine.scenario", { type: "text/plain" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text);

test("an empty run shows bare lanes and one hint", async (t) => {
  const page = await open(t, { at: "#/lamport" });
  await page.getByText(/^Nothing has happened yet/).waitFor();
  assert.equal(await page.locator(".fig .msgs .m").count(), 0);
  assert.ok((await page.locator(".lh-name").count()) > 0);
  await axe(page);
  await shot(page, "empty-wide-light");
});

test("while it loads there is nothing at first, then grey lanes, then the page", async (t) => {
  const page = await blank(t);
  let answer;
  const asked = new Promise((resolve) => {
    page.route("**/lightcone-web-*.wasm", (route) => {
      answer = () => route.continue();
      resolve();
    });
  });
  await page.goto(`${TOP}#/raft/split-vote`);
  await asked;
  await page.locator(".loading").waitFor();
  await shot(page, "loading-wide-light");
  answer();
  await page.getByRole("heading", { name: "A split vote" }).waitFor();
  // What stands around the figure may arrive after it.
  await becomes(() => page.locator(".loading").count(), 0);
});

test("a run that meets a limit stops and says which", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  await drop(page, "lightcone 1\nprotocol raft 1\nset servers 7\nhorizon 600000 ms\n");
  await page.getByText(/^The run stops here: it has reached the limit of 50000 events/).waitFor();
  await page.locator("svg.fig").first().waitFor();
});

test("a damaged link to begin with is a page of its own that says what still works", async (t) => {
  const page = await open(t, { at: "#/run/xyz" });
  await page.getByRole("heading", { name: "This link is damaged" }).waitFor();
  await axe(page);
  await shot(page, "damaged-wide-light");
});

test("without a network it goes on", async (t) => {
  // The browser itself asks again for the tab's picture.
  const page = await open(t, { at: "#/raft/election", allow: [/icon-.*\.svg/, /ERR_INTERNET_DISCONNECTED$/] });
  await allParts(page);
  await page.context().setOffline(true);
  const before = await digest(page);
  await drag(page, head(page, "S1-S3-Vote-1"), 60, 0);
  await becomes(async () => (await digest(page)) === before, false);
  await page.getByRole("link", { name: "Lightcone" }).click();
  await page.getByRole("heading", { name: "You are the network." }).waitFor();
  await page.goto(`${TOP}#/raft/split-vote`);
  await page.getByRole("heading", { name: "A split vote" }).waitFor();
});

test("what a file calls itself is text and nothing else", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  const title = `<img src=x onerror="document.title='bad'">`;
  await drop(page, `lightcone 1\nprotocol raft 1\ntitle ${title}\nnote <script>document.title='bad'</script> x:url(y)\nhorizon 200 ms\n`);
  await page.getByRole("heading", { name: title }).waitFor();
  assert.equal(await page.locator("main img, main script, [style]").count(), 0);
  const link = page.url();
  const other = await blank(t);
  await other.goto(link);
  await other.getByRole("heading", { name: title }).waitFor();
  assert.equal(await other.locator("main img, main script, [style]").count(), 0);
  assert.doesNotMatch(await other.title(), /^bad$/);
  assert.deepEqual(await moves(other), []);
});
