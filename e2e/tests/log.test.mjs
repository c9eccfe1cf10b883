// A log that was recorded elsewhere is drawn as a figure: to be read, not changed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { axe, becomes, digest, drag, head, middle, moves, NARROW, open, shot, tabTo } from "../lightcone.mjs";

const CHAT = `(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)

alice {"alice":1}
Asks bob for the key
bob {"alice":1, "bob":1}
Takes the request in
bob {"alice":1, "bob":2}
Asks carol whether the key is free
carol {"alice":1, "bob":2, "carol":1}
Says yes
bob {"alice":1, "bob":3, "carol":1}
Gives the key away
alice {"alice":2, "bob":3, "carol":1}
Has the key
`;
const BROKEN = CHAT.replace('"bob":2, "carol":1}\nSays', '"bob":9, "carol":1}\nSays').replace("(?<host>", "\n(?<host>");
const TWO = `(?<host>\\S+) (?<clock>{.*}) (?<event>.*)
^--- (?<trace>.*)$
--- a quiet night
a {"a":1} Sleeps
--- a busy day
a {"a":1} Calls
b {"a":1, "b":1} Answers
`;

/** Lets a file fall on the page. */
async function dropFile(page, name, text) {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name, { type: "text/plain" }));
      return data;
    },
    [name, text],
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const reading = (page) => page.locator("main.log");
const lanes = (page) => page.locator(".lh-name").allTextContents();
const notes = (page) => page.getByRole("complementary", { name: "Notes" });

async function opened(t, options) {
  const page = await open(t, { at: "#/log", ...options });
  await page.setInputFiles("input[type=file]", file("chat.log", CHAT));
  await reading(page).waitFor();
  return page;
}

test("a log that is dropped is drawn, and the reader's own run stays as it was", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  await drag(page, head(page, "S1-S3-Vote-1"), 60, 0);
  await becomes(() => moves(page).then((all) => all.length), 1);
  const own = await digest(page);
  await dropFile(page, "chat.log", CHAT);
  await reading(page).waitFor();
  assert.deepEqual(await lanes(page), ["alice", "bob", "carol"]);
  assert.equal(await page.locator("[data-message]").count(), 4);
  assert.match(page.url(), /#\/log$/);
  await axe(page);
  await shot(page, "log");
  await page.goBack();
  await becomes(() => digest(page), own);
  await becomes(() => moves(page).then((all) => all.length), 1);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await becomes(() => moves(page).then((all) => all.length), 0);
});

test("a log is opened with the keyboard alone, by a file or by pasting", async (t) => {
  const page = await open(t, { at: "" });
  await page.getByRole("link", { name: "Open a log" }).press("Enter");
  const choose = page.getByRole("button", { name: "Choose a file…" });
  const asked = page.waitForEvent("filechooser");
  await tabTo(page, choose);
  await page.keyboard.press("Enter");
  await (await asked).setFiles(file("chat.log", CHAT));
  await reading(page).waitFor();
  await page.goto(page.url().replace(/#.*/, "#/"));
  await page.getByRole("link", { name: "Open a log" }).waitFor();
  const pasted = await open(t, { at: "#/log" });
  await axe(pasted);
  await pasted.getByRole("textbox", { name: "Or paste a log here" }).fill(CHAT);
  await pasted.getByRole("button", { name: "Draw it" }).press("Enter");
  await reading(pasted).waitFor();
  assert.equal(await pasted.getByRole("heading", { level: 1 }).textContent(), "Pasted log");
});

test("the margin tells an event's line, what it says, and the clock that the log gives it", async (t) => {
  const page = await opened(t);
  await page.locator(".figure-box").focus();
  for (const _ of Array(4)) await page.keyboard.press("ArrowRight");
  await notes(page).getByText("bob: Gives the key away").waitFor();
  await notes(page).getByText("step 5, line 11").waitFor();
  await notes(page).getByText("receives carol’s message").waitFor();
  assert.deepEqual(await notes(page).locator(".vec b").allTextContents(), ["1", "3", "1"]);
  assert.ok((await page.locator(".fig .later, .fig .cone").count()) > 0, "its light cone is drawn");
  await page.getByRole("button", { name: "Events as a list" }).click();
  assert.equal(await page.locator("main.log tbody tr").count(), 6);
});

test("what was recorded cannot be changed", async (t) => {
  const page = await opened(t);
  const before = await digest(page);
  const message = page.locator("[data-message] .hit").first();
  await drag(page, message, 80, 0);
  await page.locator(".figure-box").focus();
  for (const key of ["ArrowRight", "Tab", "Delete", "d", "t", "Shift+ArrowRight", "c", "x", "Escape"]) await page.keyboard.press(key);
  const { x, y } = await middle(message);
  await page.mouse.click(x, y, { button: "right" });
  assert.equal(await page.getByRole("button", { name: /^(Drop|Deliver|Arrives)/ }).count(), 0);
  assert.equal(await digest(page), before);
  await page.getByText("Read only: what was recorded cannot be changed or run again.").waitFor();
});

test("a log is there again after a reload, and is given back as a file", async (t) => {
  const page = await opened(t);
  const before = await digest(page);
  await page.reload();
  await reading(page).waitFor();
  assert.equal(await digest(page), before);
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download this log" }).click(),
  ]);
  assert.equal(saved.suggestedFilename(), "chat.log");
  assert.equal(readFileSync(await saved.path(), "utf8"), CHAT);
});

test("bad clocks are told by line, and another log can be opened", async (t) => {
  const page = await open(t, { at: "#/log" });
  await page.setInputFiles("input[type=file]", file("broken.log", BROKEN));
  await page.getByRole("heading", { name: "This log cannot be drawn" }).waitFor();
  await page.getByText("Line 10: carol knows event 9 of bob, and no line tells of that.").waitFor();
  await axe(page);
  await shot(page, "log-broken");
  await page.setInputFiles("input[type=file]", file("chat.log", CHAT));
  await reading(page).waitFor();
  await page.setInputFiles("input[type=file]", file("x.txt", "neither"));
  await page.getByRole("alert").getByRole("button").first().click();
  await reading(page).waitFor();
});

test("of several executions one is chosen", async (t) => {
  const page = await open(t, { at: "#/log" });
  await page.setInputFiles("input[type=file]", file("two.log", TWO));
  await reading(page).waitFor();
  assert.deepEqual(await lanes(page), ["a"]);
  await page.getByRole("combobox", { name: "Execution" }).selectOption("a busy day");
  await becomes(() => lanes(page), ["a", "b"]);
});

test("on a phone the log is opened and read by touch", async (t) => {
  const page = await opened(t, { size: NARROW, hasTouch: true });
  const { x, y } = await middle(page.locator("[data-event] .g").nth(2));
  await page.touchscreen.tap(x, y);
  await notes(page).getByText(/line \d+/).first().waitFor();
  await axe(page);
  await shot(page, "log-narrow");
});

const STALE = `{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
{:process 0, :type :invoke, :f :write, :value 2}
{:process 0, :type :ok, :f :write, :value 2}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
`;

test("a history of clients is drawn with its operations as boxes, and judged", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  await dropFile(page, "history.edn", STALE);
  await reading(page).waitFor();
  assert.deepEqual(await lanes(page), ["p0", "p1"]);
  assert.equal(await page.locator(".fig .opb").count(), 3);
  await page.getByText("Not linearizable: read x = 1 must be 2: the write of 2 was done before it began.").waitFor();
  await axe(page);
  await shot(page, "log-history");
  await page.getByRole("combobox", { name: "Judged as" }).selectOption("compare-and-set");
  await page.getByText("Not linearizable").waitFor();
  await page.getByRole("combobox", { name: "Judged as" }).selectOption("key-value");
  await page.getByText("nothing that a key-value does").waitFor();
  await page.getByRole("combobox", { name: "Judged as" }).selectOption("register");
  await reading(page).waitFor();
});

test("a history may begin with a value, and one that no judge reads is drawn all the same", async (t) => {
  const page = await open(t, { at: "#/log" });
  await page.setInputFiles("input[type=file]", file("h.txt", "0 :invoke :read nil\n0 :ok :read 7\n"));
  await page.getByText("If it began with 7, it would be linearizable.").waitFor();
  await page.getByRole("textbox", { name: "begins with" }).fill("7");
  await page.keyboard.press("Enter");
  await page.getByText("Linearizable: some order explains every answer.").waitFor();
  await page.setInputFiles("input[type=file]", file("q.txt", "0 :invoke :enqueue 1\n0 :ok :enqueue 1\n"));
  await becomes(() => page.getByRole("combobox", { name: "Judged as" }).inputValue(), "queue");
  await page.setInputFiles("input[type=file]", file("z.txt", "0 :invoke :zap 1\n0 :ok :zap 1\n"));
  await page.getByText("Not judged: no type of object has all of its operations.").waitFor();
  assert.deepEqual(await lanes(page), ["p0"]);
});
