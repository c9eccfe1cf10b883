// With and without: one schedule, run twice. One axis, one cursor, one list of moves; each run its own verdicts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, drag, EMBED, fingerHold, hold, moves, NARROW, open, shot, WIDE } from "../lightcone.mjs";

const STALE = "#/quorum/r-plus-w-but-stale";
const COMPARED = `${STALE}?beside=abd:1`;
// N3's answer to c2's first read is in both runs; c2's write-back to N3 is below only.
const ANSWER = "N3-c2-Found-1";
const WRITE_BACK = "c2-N3-WriteBack-1";

const above = (page) => page.getByRole("region", { name: "Reads write back (ABD): off" });
const below = (page) => page.getByRole("region", { name: "Reads write back (ABD): on" });
const message = (run, name) => run.locator(`[data-message="${name}"]`);
const head = (run, name) => message(run, name).locator(".hit");
const fragment = (page) => page.evaluate(() => location.hash);

test("a link opens two runs of one schedule, with one axis", async (t) => {
  const page = await open(t, { at: COMPARED });
  await above(page).getByText("Linearizable clients: broken at").waitFor();
  await below(page).getByText("hold").first().waitFor();
  assert.equal(await page.locator(".cursor-flag").count(), 1);
  assert.equal(await page.locator(".fig .part").count(), 2);
  assert.equal(await below(page).locator(".repeats").count(), 1);
  const verdicts = page.locator(".verdicts");
  await verdicts.getByText("Differs").waitFor();
  assert.match(await verdicts.innerText(), /Linearizable clients, broken at [\d.]+ ms above/);
  assert.match(await verdicts.innerText(), /Linearizable clients.* below/);
  const notes = page.getByRole("complementary", { name: "Notes" });
  assert.match(await notes.locator(".parting").innerText(), /Above: .*is answered: 2\. Below: sends write-back to N1, N2 and N3\./);
  await axe(page);
  await shot(page, "compare");
});

test("a drag in the upper run is a drag in both, and so is a drag in the lower run", async (t) => {
  const page = await open(t, { at: COMPARED });
  for (const [mine, other] of [[above, below], [below, above]]) {
    const was = await message(other(page), ANSWER).innerHTML();
    await hold(page, head(mine(page), ANSWER), 60, 0);
    await mine(page).locator(".grip").waitFor();
    await other(page).locator(".echo").waitFor();
    await other(page).getByText("moves along").waitFor();
    await page.mouse.up();
    await other(page).locator(".echo").waitFor({ state: "detached" });
    await becomes(() => moves(page).then((all) => all.length), 1);
    assert.notEqual(await message(other(page), ANSWER).innerHTML(), was);
    assert.match((await moves(page))[0], /in both/);
  }
});

test("a move of a message that exists only below says so", async (t) => {
  const page = await open(t, { at: COMPARED });
  await hold(page, head(below(page), WRITE_BACK), 0, 60);
  await above(page).getByText("no such message here").waitFor();
  await page.mouse.up();
  await becomes(() => moves(page).then((all) => all.length), 1);
  assert.match((await moves(page))[0], /^Dropped c2’s write-back to N3\s+only below; there is no such message above/);
  // What is selected is below, and the notes tell of it.
  await page.getByRole("heading", { name: "Selected message, below" }).waitFor();
  await page.keyboard.press("Control+z");
  await becomes(() => moves(page), []);
});

test("the two runs have one window, one cursor, and selections of their own where they differ", async (t) => {
  const page = await open(t, { at: COMPARED });
  await below(page).getByRole("application").focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("heading", { name: "Selected event, below" }).waitFor();
  const cursors = await page.locator(".fig .cursor").evaluateAll((all) => all.map((line) => line.getAttribute("x1")));
  assert.equal(cursors[0], cursors[1]);
  await page.keyboard.press("Escape");
  await above(page).getByRole("application").focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "Selected event, above" }).waitFor();
});

test("a flaw opens beside the run without it, by the button, by key, and closes again", async (t) => {
  const page = await open(t, { at: "#/quorum/write-back-skipped" });
  await page.getByRole("button", { name: "Compare with and without it" }).click();
  await page.getByRole("heading", { name: "Without the flaw" }).waitFor();
  await becomes(() => fragment(page), "#/quorum/write-back-skipped?beside=write-back-skipped");
  await page.getByRole("button", { name: "Close the comparison" }).click();
  await becomes(() => fragment(page), "#/quorum/write-back-skipped");
  assert.equal(await page.locator(".pair").count(), 0);
  await page.keyboard.press("v");
  await page.getByRole("heading", { name: "With the flaw", exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Break it from here" }).count(), 0);
  await page.keyboard.press("v");
  await page.locator(".pair").waitFor({ state: "detached" });
});

test("any setting can be compared: in the list below the figure, and beside its switch", async (t) => {
  const page = await open(t, { at: STALE });
  await page.getByLabel("Compare with…").selectOption("Reads write back (ABD): on");
  await below(page).waitFor();
  await page.getByText("System", { exact: true }).click();
  await page.getByRole("button", { name: "Compare: Replicas of a key, N" }).click();
  await page.getByRole("heading", { name: "Replicas of a key, N: 4" }).waitFor();
  await page.getByLabel("In the lower run").fill("5");
  await page.getByLabel("In the lower run").press("Tab");
  await page.getByRole("heading", { name: "Replicas of a key, N: 5" }).waitFor();
  await becomes(() => fragment(page), `${STALE}?beside=replicas:5`);
});

test("on a phone any setting can be compared from the notes", async (t) => {
  const page = await open(t, { at: STALE, size: NARROW, hasTouch: true, isMobile: true });
  await page.getByRole("button", { name: "All notes" }).tap();
  await page.locator(".cmds").getByLabel("Compare with…").selectOption("Reads write back (ABD): on");
  await page.getByRole("group", { name: "Which run" }).waitFor();
  // The lower run is not compared once more.
  await page.getByRole("group", { name: "Which run" }).getByRole("button", { name: "on" }).tap();
  assert.equal(await page.getByLabel("Compare with…").count(), 0);
  await page.getByRole("button", { name: "More", exact: true }).tap();
  await page.getByRole("button", { name: "Close the comparison" }).tap();
  await page.locator(".pair").waitFor({ state: "detached" });
});

test("two runs of the gallery stand one over the other, and nodes to which they are the same are marked", async (t) => {
  const page = await open(t, { at: "#/test-and-set/cannot-tell-crash" });
  const crash = page.getByRole("region", { name: "A crashed server" });
  const cut = page.getByRole("region", { name: "A cut link" });
  await cut.getByText("At most one client gets the lock: broken at").waitFor();
  for (const run of [crash, cut]) {
    const heads = await run.locator(".heads .lh").allTextContents();
    const marked = heads.filter((head) => head.includes("=")).map((head) => head.trim().match(/^[Nc]\d/)[0]);
    assert.deepEqual(marked, ["N1", "c1"]);
  }
  await page.locator(".verdicts").getByText("N1 and c1 see the same in both runs").waitFor();
  await axe(page);
  await shot(page, "compare-alike");
  // It opens so by itself; shown alone, the address says it.
  assert.equal(await fragment(page), "#/test-and-set/cannot-tell-crash");
  await page.getByRole("button", { name: "Close the comparison" }).click();
  await becomes(() => fragment(page), "#/test-and-set/cannot-tell-crash?beside=no");
  const alone = await open(t, { at: await fragment(page) });
  await alone.locator("svg.fig").waitFor();
  assert.equal(await alone.locator(".pair").count(), 0);
  await page.getByLabel("Compare with…").selectOption({ index: 1 });
  await cut.waitFor();
  await becomes(() => fragment(page), "#/test-and-set/cannot-tell-crash");
  // A message that is dragged in one is dragged in both: c1 hears it later in both, and still cannot tell.
  await hold(page, head(crash, "N1-c1-WasFree-1"), 30, 0);
  await cut.locator(".echo").waitFor();
  await page.mouse.up();
  await becomes(() => moves(page).then((all) => all.length), 1);
  assert.match((await moves(page))[0], /in both/);
  await page.locator(".verdicts").getByText("N1 and c1 see the same in both runs").waitFor();
});

test("sharing keeps the comparison", async (t) => {
  const page = await open(t, { at: COMPARED });
  await page.getByRole("button", { name: "Share" }).click();
  assert.match(await page.getByRole("dialog").getByRole("textbox").inputValue(), /beside=abd:1/);
  await page.getByRole("tab", { name: "Embed" }).click();
  assert.match(await page.getByRole("dialog").getByRole("textbox", { name: "Embed" }).inputValue(), /beside=abd:1/);
});

test("on a phone a switch shows one run at a time, with the same moves", async (t) => {
  const page = await open(t, { at: COMPARED, size: NARROW, hasTouch: true, isMobile: true });
  const which = page.getByRole("group", { name: "Which run" });
  await above(page).locator("svg.fig").waitFor();
  assert.equal(await below(page).isVisible(), false);
  const finger = await fingerHold(page, head(above(page), ANSWER));
  await page.locator(".grip").waitFor();
  await finger.move(0, 30);
  await finger.lift();
  await which.getByRole("button", { name: "on" }).tap();
  await below(page).locator("svg.fig").waitFor();
  assert.equal(await above(page).isVisible(), false);
  await page.getByRole("button", { name: "All notes" }).tap();
  await becomes(() => moves(page).then((all) => all.length), 1);
  await page.getByRole("button", { name: "Close notes" }).tap();
  await axe(page);
  await shot(page, "compare-narrow");
});

test("an embedded comparison has both figures, and keys", async (t) => {
  const page = await open(t, { at: COMPARED.replace("#/", "#/embed/"), size: EMBED });
  await below(page).locator("svg.fig").waitFor();
  await drag(page, head(above(page), ANSWER), 40, 0);
  await page.locator(".movedot").first().waitFor();
  await page.keyboard.press("v");
  await page.locator(".pair").waitFor({ state: "detached" });
  await becomes(() => page.locator("svg.fig").count(), 1);
  await axe(page);
});

test("a link with settings that the protocol does not have shows the run alone", async (t) => {
  const page = await open(t, { at: `${STALE}?beside=no-such-flaw,servers:9`, size: WIDE });
  await page.locator("svg.fig").waitFor();
  assert.equal(await page.locator(".pair").count(), 0);
});
