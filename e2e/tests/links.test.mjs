// Any run is a link: whoever opens it sees the same run, and a bad one never replaces the reader's own work.
import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, blank, digest, drag, head, moves, open, TOP } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const VOTE = "S1-S3-Vote-1";

/** A run with one move, and its address. */
async function moved(t) {
  const page = await open(t, { at: ELECTION });
  await drag(page, head(page, VOTE), 60, 0);
  await becomes(() => moves(page).then((all) => all.length), 1);
  await becomes(() => /#\/run\//.test(page.url()), true);
  return page;
}

test("whoever opens the address sees the same run to the last event", async (t) => {
  const page = await moved(t);
  const other = await blank(t);
  await other.goto(page.url());
  await other.locator("main").first().waitFor();
  assert.equal(await digest(other), await digest(page));
  assert.deepEqual(await moves(other), await moves(page));
});

test("back takes back the drag first, and then leads to where the run was opened", async (t) => {
  const page = await blank(t);
  await page.goto(TOP);
  await page.getByRole("link", { name: "A leader election" }).first().click();
  await page.locator("main.explorer").waitFor();
  await drag(page, head(page, VOTE), 60, 0);
  await becomes(() => /#\/run\//.test(page.url()), true);
  await page.goBack();
  await becomes(() => /#\/raft\/election$/.test(page.url()), true);
  await page.goBack();
  await page.getByRole("heading", { name: "You are the network." }).waitFor();
});

test("the share dialog has the address, and the run without its moves", async (t) => {
  const page = await moved(t);
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share this run" });
  const field = dialog.getByRole("textbox").first();
  // The message that was moved is selected, and the link would say so.
  await dialog.getByRole("checkbox", { name: /^Open at/ }).uncheck();
  assert.equal(await field.inputValue(), page.url());
  await dialog.getByRole("checkbox", { name: /^Leave out my moves/ }).check();
  await becomes(async () => (await field.inputValue()) === page.url(), false);
});

// Each kind of bad link has a sentence of its own, and keeps the run that is open.
const good = async (page) => /#\/run\/(.*)/.exec(page.url())[1];
const kinds = {
  "cut off": { spoil: (link) => link.slice(0, -3), says: /^This link is damaged/, more: /end is missing/ },
  damaged: { spoil: (link) => swap(link, link.length - 8), says: /^This link is damaged/ },
  "too new": { spoil: (link) => inFormat(3, link), says: /newer version/ },
  "not a link": { spoil: () => "x", says: /^This link is damaged/ },
};

/** The link as a later version of the page would write it: another format, and a checksum that fits. */
function inFormat(format, link) {
  const bytes = Buffer.from(link, "base64url");
  bytes[0] = format;
  const body = bytes.subarray(0, -3);
  let check = 0xb704ce;
  for (const byte of body) {
    check ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) check = check & 0x800000 ? ((check << 1) ^ 0x1864cfb) & 0xffffff : check << 1;
  }
  return Buffer.concat([body, Buffer.from([check >> 16, (check >> 8) & 255, check & 255])]).toString("base64url");
}

function swap(link, place) {
  const other = link[place] === "A" ? "B" : "A";
  return link.slice(0, place) + other + link.slice(place + 1);
}

for (const [kind, { spoil, says, more }] of Object.entries(kinds)) {
  test(`a link that is ${kind} is told apart and keeps the reader's run`, async (t) => {
    const page = await moved(t);
    const before = await digest(page);
    const link = spoil(await good(page));
    await page.evaluate((link) => (location.hash = `#/run/${link}`), link);
    const notice = page.getByRole("alert");
    await notice.getByRole("heading", { name: says }).waitFor();
    if (more) await notice.getByText(more).waitFor();
    assert.equal(await digest(page), before);
    await notice.getByRole("button", { name: "Keep this run" }).click();
    await notice.waitFor({ state: "detached" });
    assert.equal(await digest(page), before);
  });
}

test("a move after a bad link makes the address follow the run again", async (t) => {
  const page = await moved(t);
  await page.evaluate(() => (location.hash = "#/run/xx"));
  await page.getByRole("alert").waitFor();
  await drag(page, head(page, "S2-S3-Vote-1"), 60, 0);
  await becomes(() => /#\/run\/xx$/.test(page.url()), false);
  const other = await blank(t);
  await other.goto(page.url());
  await other.locator("main.explorer").waitFor();
  assert.equal(await digest(other), await digest(page));
});

test("a run that the gallery does not have is said so, with a way to the contents", async (t) => {
  const page = await open(t, { at: "#/raft/no-such-run" });
  await page.getByRole("heading", { name: "The gallery has no such run" }).waitFor();
  await page.getByRole("link", { name: "Show the contents" }).click();
  await page.getByRole("heading", { name: "You are the network." }).waitFor();
});
