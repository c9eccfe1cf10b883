// "Break it from here": a search that widens in stages, in a worker or without one; what it finds is a run like any other.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { EMBED, NARROW, TOP, axe, becomes, blank, digest, drag, head, moves, open, shot } from "../lightcone.mjs";

/** Raft with three servers, no clients, and votes that are not saved. */
const FORGETS = "#/run/AQwCARMCAAMBAALwLgDzccg";

const panel = (page) => page.getByRole("complementary", { name: "Search" });
const said = (page) => page.locator(".search-notes .subj");
const result = (page) => page.locator(".search-notes .subj").innerText();
const sheet = (page) => page.getByRole("region", { name: "Subject and commands" });
const fact = (page, name) => page.locator(`.search-notes .facts dt:text-is("${name}") + dd`).innerText();
const assumed = (page) => page.locator(".search-notes .levels-about").innerText();
const hash = (page) => page.evaluate(() => location.hash);
const steps = (page) => page.locator(".fig .axis .step .tick-t").allTextContents();

/** Opens the run at its start. */
async function opened(t, options = {}) {
  const page = await open(t, { at: `${FORGETS}?at=0`, ...options });
  await page.locator("svg.fig").waitFor();
  return page;
}

/** Waits until a search from the start has come to its end. */
async function found(page, within = page) {
  await within.locator(".search-notes small", { hasText: "No run of 7 or fewer breaks it." }).waitFor({ timeout: 60000 });
}

/** Bounds for the next search, by the names of their fields. */
async function far(page, bounds) {
  const fields = page.locator(".bounds");
  if (!(await fields.evaluate((fields) => fields.open))) await fields.locator("summary").click();
  for (const [name, most] of Object.entries(bounds)) {
    const field = fields.getByRole("spinbutton", { name: new RegExp(`^${name}`) });
    await field.fill(String(most));
    await field.press("Tab");
  }
}

/** Waits until a search goes on. */
const going = (page) => becomes(async () => /^(Searching|Trying).*\nEvery order, the short runs first\.$/.test(await said(page).innerText()), true);

/** No test waits for a search this far. */
const ENDLESS = { events: 60, "time-outs": 9, crashes: 5, "states kept": 4_000_000 };

test("it finds the shortest run that breaks it, numbered, and undo gives back the reader's own", async (t) => {
  const page = await opened(t);
  const [own, before] = [await hash(page), await digest(page)];
  await page.keyboard.press("b");
  await found(page);
  assert.match(await result(page), /^Found in 8 events/);
  await page.getByRole("heading", { name: "Election safety broken in 8 events" }).waitFor();
  await page.getByRole("button", { name: /Election safety, broken at event 8/ }).waitFor();
  assert.deepEqual(await steps(page), ["1", "2", "3", "4", "5", "6", "7", "8"]);
  assert.equal(await page.locator(".clock").innerText(), "8 of 8 events");
  assert.match(await fact(page, "States"), /^[\d,]+ in \d+\.\d\d s$/);
  assert.match(await assumed(page), /^At most \d+ events, .*messages in any order\. No message is doubled/);
  assert.match(await page.locator(".stages [aria-current]").innerText(), /^From the start\s+8 events/);
  assert.equal(await page.locator(".levels .hit").count(), 1);
  const run = page.locator(".search-notes .log li");
  assert.equal(await run.count(), 8);
  assert.match(await run.last().innerText(), /leader in term 1$/i);
  assert.equal(await page.locator(".search-notes .log .first").innerText(), await run.last().innerText());
  await axe(page);
  await shot(page, "search-found-wide-light");
  await page.getByRole("button", { name: "event 5", exact: true }).click();
  await becomes(() => page.locator(".clock").innerText(), "5 of 8 events");
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), before);
  assert.equal((await hash(page)).replace("?at=0", ""), own.replace("?at=0", ""));
  assert.deepEqual([await steps(page), await page.locator(".clock").innerText()], [[], "0.0 / 300 ms"]);
  await page.getByRole("button", { name: "Show the run that was found" }).click();
  await becomes(async () => (await steps(page)).length, 8);
});

test("the link of what was found opens the same figure in another page, with the same verdict", async (t) => {
  const page = await opened(t);
  await page.getByRole("button", { name: "Break it from here" }).click();
  await found(page);
  const other = await open(t, { at: await hash(page) });
  await becomes(() => digest(other), await digest(page));
  await becomes(() => steps(other), await steps(page));
  const verdicts = (page) => page.locator(".verdicts").innerText();
  assert.equal(await verdicts(other), await verdicts(page));
  assert.equal(await other.locator("h1").innerText(), "Election safety broken in 8 events");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  const shared = await open(t, { at: new URL(link).hash });
  await becomes(() => steps(shared), await steps(page));
});

test("what was found is a run like any other: it is dragged, and leads back to the search", async (t) => {
  const page = await opened(t);
  await page.keyboard.press("b");
  await found(page);
  const before = await digest(page);
  await drag(page, page.locator(".msgs .m .hit").first(), 50, 0);
  await becomes(async () => (await digest(page)) === before, false);
  assert.equal((await moves(page)).length, 1);
  await page.getByRole("button", { name: "Back to the search" }).click();
  assert.match(await result(page), /^Found in 8 events/);
  await page.getByRole("button", { name: "Show the run that was found" }).click();
  await becomes(() => digest(page), before);
  await page.getByRole("button", { name: "Close the search" }).click();
  assert.equal(await panel(page).count(), 0);
});

test("from a moment in the middle it says so, and the steps are numbered from there", async (t) => {
  const page = await open(t, { at: `${FORGETS}?at=160` });
  await page.locator("svg.fig").waitFor();
  await page.keyboard.press("b");
  await page.locator(".stages li", { hasText: "From here, 160 ms" }).waitFor();
  await page.getByRole("heading", { name: /broken in \d+ events?$/ }).waitFor({ timeout: 60000 });
  assert.match(await hash(page), /\?steps=\d+/);
  await page.keyboard.press("0");
  const begins = Number(/steps=([\d.]+)/.exec(await hash(page))[1]);
  assert.ok(begins > 0 && begins <= 160);
  assert.equal((await steps(page))[0], "1");
});

test("with the flaw switched off it goes on; Stop keeps the numbers; bounds make it end and say what was tried", async (t) => {
  const page = await opened(t);
  await page.keyboard.press("b");
  await found(page);
  await far(page, ENDLESS);
  await page.getByRole("button", { name: "Switch the flaw off and search again" }).click();
  await going(page);
  assert.equal(await page.locator(".verdicts dt", { hasText: "Flaw" }).count(), 0);
  await page.locator(".stages [aria-current] .bar").first().waitFor();
  const states = async () => Number((await fact(page, "States")).split(" ")[0].replaceAll(",", ""));
  const seen = new Set();
  await becomes(async () => seen.add(await states()).size > 3, true);
  await axe(page);
  await shot(page, "search-going-wide-light");
  await page.getByRole("button", { name: "Stop", exact: true }).press("Enter");
  await becomes(() => result(page), "Stopped\nNothing found until then. This is no proof.");
  assert.equal(await page.evaluate(() => document.activeElement.innerText), "Search again");
  await page.keyboard.press("Enter");
  await going(page);
  await becomes(async () => (await states()) > 0, true);
  await page.keyboard.press("Escape");
  await becomes(() => result(page), "Stopped\nNothing found until then. This is no proof.");
  const kept = await states();
  assert.ok(kept > 0);
  await far(page, { events: 5, "time-outs": 3, crashes: 2 });
  assert.equal(await states(), kept);
  await page.getByRole("button", { name: "Search again" }).click();
  await becomes(async () => (await result(page)).split("\n")[0], "Nothing found");
  assert.match(await result(page), /All [\d,]+ states were tried\. Longer runs and more faults were not, so this is not a proof\.$/);
  assert.match(await assumed(page), /^At most 5 events, 3 time-outs, 2 crashes, messages in any order\./);
  assert.match(await fact(page, "Hash collision"), /below 2\^-[345]\d$/);
  assert.equal(await page.locator(".levels .hit").count(), 0);
  await axe(page);
  await shot(page, "search-nothing-wide-light");
  const most = page.locator(".bounds").getByRole("spinbutton", { name: /^events/ });
  assert.equal(await most.inputValue(), "5");
  await page.getByRole("button", { name: "Defaults" }).click();
  await becomes(() => most.inputValue(), "11");
});

test("what was found while the reader did something else is only offered", async (t) => {
  const page = await opened(t, {
    // Nothing is heard of the worker until the reader has made a move.
    before: (page) =>
      page.addInitScript(() => {
        const Real = window.Worker;
        window.Worker = class extends Real {
          left = new Set();
          addEventListener(name, heard) {
            super.addEventListener(name, (event) => window.held.then(() => this.left.has(heard) || heard(event)));
          }
          // As with a real one, who has gone hears nothing more.
          removeEventListener(name, heard) {
            this.left.add(heard);
          }
        };
        window.held = new Promise((go) => {
          window.letGo = go;
        });
      }),
  });
  await page.keyboard.press("b");
  await drag(page, page.locator(".msgs .m .hit").first(), 30, 0);
  const mine = await digest(page);
  await page.evaluate(() => window.letGo());
  await page.getByRole("button", { name: "Back to the search" }).click();
  await page.getByRole("button", { name: "Show the run that was found" }).waitFor();
  await found(page);
  assert.equal(await digest(page), mine);
  await page.getByRole("button", { name: "Show the run that was found" }).click();
  await becomes(async () => (await steps(page)).length, 8);
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), mine);
});

test("a run that is opened meanwhile ends the search: its numbers would be about another", async (t) => {
  const page = await opened(t);
  await page.keyboard.press("b");
  await found(page);
  await page.evaluate(() => (location.hash = "#/raft/figure-8"));
  await page.getByRole("heading", { name: /^Figure 8/ }).waitFor();
  await becomes(() => panel(page).count(), 0);
});

test("where the margin is below the figure, a search is scrolled to, and from there to what it finds", async (t) => {
  const page = await opened(t, { size: { width: 800, height: 460 } });
  const start = page.getByRole("button", { name: "Break it from here" });
  await start.click();
  await found(page);
  await becomes(() => page.evaluate(() => window.scrollY), 0);
  await far(page, ENDLESS);
  await start.click();
  await becomes(async () => (await said(page).boundingBox()).y < 380, true);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
});

test("without workers it searches in slices, and the page goes on in between", async (t) => {
  const page = await opened(t, {
    before: (page) =>
      page.addInitScript(() => {
        window.Worker = class {
          constructor() {
            throw new DOMException("not here", "SecurityError");
          }
        };
      }),
  });
  await page.keyboard.press("b");
  await found(page);
  await far(page, ENDLESS);
  await page.getByRole("button", { name: "Switch the flaw off and search again" }).click();
  const states = () => fact(page, "States");
  const first = await states();
  await becomes(async () => (await states()) === first, false);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await becomes(() => result(page), "Stopped\nNothing found until then. This is no proof.");
});

test("a worker that cannot start is replaced, one that dies later leaves its last numbers", async (t) => {
  const page = await opened(t, {
    allow: [/search\.js/, /ERR_FAILED/],
    before: (page) => page.route("**/search.js", (route) => route.abort()),
  });
  await page.keyboard.press("b");
  await found(page);
  await far(page, ENDLESS);
  await page.unroute("**/search.js");
  await page.evaluate(() => {
    const Real = window.Worker;
    window.Worker = class extends Real {
      addEventListener(name, heard) {
        let count = 0;
        super.addEventListener(name, (event) => {
          count += 1;
          if (count < 3) heard(event);
          if (count === 3) heard(new MessageEvent("message", { data: "" }));
        });
      }
    };
  });
  await page.getByRole("button", { name: "Switch the flaw off and search again" }).click();
  await becomes(async () => (await result(page)).split("\n")[0], "The search stopped by itself");
  assert.notEqual(await fact(page, "States"), "0 in 0.0 s");
});

test("in a sandbox without an origin it still finds it", async (t) => {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" });
    const frame = `<iframe title="A run" width="1300" height="800" src="${TOP}${FORGETS}?at=0" sandbox="allow-scripts"></iframe>`;
    answer.end(`<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,"><body>${frame}</body></html>`);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => server.close());
  const page = await blank(t);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const inside = page.frameLocator("iframe");
  await inside.getByRole("button", { name: "Break it from here" }).click();
  await found(page, inside);
});

test("a found run is exported as a scenario, as a test and as a test in Rust", async (t) => {
  const page = await opened(t);
  await page.keyboard.press("b");
  await found(page);
  await page.getByRole("button", { name: "Export as test" }).click();
  const text = page.getByRole("textbox", { name: "Text" });
  await becomes(async () => /expect\n  breaks election-safety at \d+ ms/.test(await text.inputValue()), true);
  await page.getByRole("radio", { name: "Rust" }).check();
  const rust = await text.inputValue();
  assert.match(rust, /#\[test\]\nfn breaks_election_safety\(\)/);
  assert.match(rust, new RegExp(`trace\\.digest, 0x${await digest(page)}`));
  await axe(page);
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
});

test("B is in the list of keys and rests with the other single keys", async (t) => {
  const page = await opened(t);
  await page.keyboard.press("?");
  await page.getByRole("definition").getByText("break it from here").waitFor();
  await page.getByRole("checkbox", { name: /Keys without Ctrl/ }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  assert.equal(await panel(page).count(), 0);
});

for (const colorScheme of ["light", "dark"]) {
  test(`on a phone the menu starts it and the sheet tells of it, ${colorScheme}`, async (t) => {
    const page = await opened(t, { size: NARROW, hasTouch: true, colorScheme });
    await page.getByRole("button", { name: "More" }).tap();
    await page.getByRole("button", { name: "Break it from here" }).tap();
    await sheet(page).getByText("No run of 7 or fewer breaks it.").waitFor({ timeout: 60000 });
    assert.deepEqual(await steps(page), ["1", "2", "3", "4", "5", "6", "7", "8"]);
    await axe(page);
    await shot(page, `search-found-narrow-${colorScheme}`);
    await sheet(page).getByRole("button", { name: "The run" }).tap();
    await page.locator(".search-notes .log li").last().waitFor();
    assert.equal(await page.getByRole("button", { name: "Search again", exact: true }).count(), 1);
    await axe(page);
    await shot(page, `search-notes-narrow-${colorScheme}`);
    await page.getByRole("button", { name: "Close the search" }).tap();
    await sheet(page).getByRole("button", { name: "State" }).waitFor();
  });

  test(`the figure of a found run looks right in a small box, ${colorScheme}`, async (t) => {
    const page = await opened(t, { size: EMBED, colorScheme });
    await page.keyboard.press("b");
    await found(page);
    await axe(page);
    await shot(page, `search-found-small-${colorScheme}`);
  });
}

/** The flaws of a protocol's empty run, once its system is unfolded. */
const flaws = (page) => page.locator("details.system h3:has-text('Flaws') ~ * label.switch, details.system h3:has-text('Flaws') ~ label.switch");

for (const protocol of ["raft", "quorum", "2pc", "paxos", "lamport"]) {
  test(`every flaw of ${protocol}, switched on in its empty run, is found by the button alone`, async (t) => {
    // The page is left while its icon or a worker's program is under way.
    const page = await open(t, { at: `#/${protocol}`, allow: [/icon-.*\.svg/, /\.js net::ERR_ABORTED/] });
    const unfold = () => page.locator("details.system summary").click();
    await unfold();
    const all = await flaws(page).allInnerTexts();
    assert.ok(all.length > 1);
    for (const name of all) {
      const label = flaws(page).filter({ hasText: name });
      await label.getByRole("checkbox").check();
      const began = Date.now();
      await page.getByRole("button", { name: "Break it from here" }).click();
      await page.locator(".search-notes .subj", { hasText: /^Found in \d+ events?/ }).waitFor({ timeout: 60000 });
      const stage = await page.locator(".stages [aria-current] > span").innerText();
      t.diagnostic(`${name} ${stage}, ${Date.now() - began} ms, ${(await said(page).innerText()).split("\n")[0]}`);
      await page.getByRole("heading", { name: /broken in \d+ events?$/ }).waitFor();
      await page.goto("about:blank");
      await page.goto(`${TOP}#/${protocol}`);
      await unfold();
    }
  });
}

test("a flaw that cannot show says so where it is switched on, with the switch that makes it matter", async (t) => {
  const page = await open(t, { at: "#/raft" });
  await page.locator("details.system summary").click();
  await page.getByRole("checkbox", { name: "Leases ignore clock drift." }).check();
  const lacks = page.locator(".lacks");
  await lacks.getByText("This cannot show while “Reads” is read-index.").waitFor();
  await axe(page);
  await lacks.getByRole("button", { name: "Set to lease" }).click();
  await lacks.getByText("This cannot show while “Clients” is 1.").waitFor();
  await lacks.getByRole("button", { name: "Set to 2" }).click();
  await becomes(() => lacks.count(), 0);
});

test("nothing found says what was tried and offers the next thing, never a dead end", async (t) => {
  const page = await open(t, { at: "#/lamport" });
  await page.getByRole("button", { name: "Break it from here" }).click();
  const ends = () => becomes(async () => (await result(page)).split("\n")[0], "Nothing found");
  await ends();
  const reached = await page.locator(".stages li small").allInnerTexts();
  assert.ok(reached.length > 1 && reached.every((each) => /^\d+ events?, (all|limit)$/.test(each)), `${reached}`);
  await axe(page);
  await shot(page, "search-next-wide-light");
  const offer = page.getByRole("button", { name: /^Allow \d+ new requests$/ });
  const before = await offer.innerText();
  await offer.click();
  await ends();
  assert.notEqual(await offer.innerText(), before);
  await page.locator(".search-notes summary", { hasText: "Switch a flaw on" }).click();
  await page.getByRole("button", { name: "A client does not carry the largest counter it has seen." }).click();
  await page.getByRole("heading", { name: /broken in \d+ events?$/ }).waitFor({ timeout: 60000 });
});

test("a stage is skipped, and the list says so", async (t) => {
  const page = await open(t, { at: "#/raft" });
  await page.getByRole("button", { name: "Break it from here" }).click();
  await page.locator(".search-notes .subj", { hasText: /^Trying: / }).waitFor({ timeout: 60000 });
  await shot(page, "search-stages-wide-light");
  // Stages take turns: which one it is does not matter.
  await page.getByRole("button", { name: "Skip this stage" }).click();
  const skipped = page.locator(".stages li", { has: page.locator("small", { hasText: "skipped" }) });
  await skipped.first().waitFor();
  const name = await skipped.first().innerText();
  await page.locator(".search-notes .subj", { hasText: "Nothing found" }).waitFor({ timeout: 100000 });
  assert.deepEqual(await skipped.allInnerTexts(), [name], "it stays left out, and no other is");
  await axe(page);
});

/** Opens a protocol's empty run and looks for something from the list. */
async function find(t, protocol, what, options = {}) {
  const page = await open(t, { at: `#/${protocol}`, ...options });
  await page.locator("svg.fig").waitFor();
  await page.keyboard.press("f");
  await chosen(page).selectOption({ label: what });
  return page;
}

const chosen = (page) => page.getByRole("combobox", { name: "Find a run in which" });

test("a run in which the vote is split is found from the list, in ink, and opens like any other; its link, too", async (t) => {
  const page = await find(t, "raft", "The vote is split");
  await page.locator(".search-notes small", { hasText: "No run of 2 or fewer does it." }).waitFor({ timeout: 60000 });
  assert.match(await result(page), /^Reached in 3 events/);
  await page.getByRole("heading", { name: "The vote is split: reached in 3 events" }).waitFor();
  await page.getByText(/^Event 3: S\d’s election timer fires\./).waitFor();
  assert.deepEqual(await steps(page), ["1", "2", "3"]);
  assert.match(await page.locator(".stages [aria-current]").innerText(), /^With 3 time-outs\s+3 events/);
  assert.equal(await page.locator(".search-notes .levels .hit").count(), 0);
  await axe(page);
  await shot(page, "search-goal-wide-light");
  const other = await open(t, { at: await hash(page) });
  await other.getByRole("heading", { name: "The vote is split: reached in 3 events" }).waitFor();
  assert.equal(await digest(other), await digest(page));
  await chosen(page).selectOption({ label: "A leader steps down" });
  await page.getByRole("heading", { name: /^A leader steps down: reached in \d+ events$/ }).waitFor({ timeout: 60000 });
});

test("a goal that is not reached within its bounds says what was tried and offers more", async (t) => {
  const page = await find(t, "lamport", "A write gets its timestamp");
  await page.locator(".search-notes small", { hasText: "No run of 1 or fewer does it." }).waitFor({ timeout: 60000 });
  await far(page, { events: 1 });
  await page.getByRole("button", { name: "Search again", exact: true }).click();
  await becomes(async () => (await result(page)).split("\n")[0], "Nothing found");
  assert.match(await result(page), /states were tried\. Longer runs and more faults were not, so this is not a proof\.$/);
  await page.getByRole("heading", { name: "Try next" }).waitFor();
  assert.equal(await chosen(page).evaluate((list) => list.selectedOptions[0].label), "A write gets its timestamp");
  await axe(page);
});

test("of a promise that a run has lost for good, the panel says what would have to happen for it", async (t) => {
  const page = await find(t, "2pc", "Every participant decides: never");
  await page.locator(".search-notes .subj", { hasText: /^Reached in \d+ events/ }).waitFor({ timeout: 60000 });
  await page.getByText(/^Every participant decides: only if (TM|P\d) restarts\.$/).waitFor();
  await page.getByRole("heading", { name: /^(Every participant decides: not within|A participant is in doubt)/ }).waitFor();
  await axe(page);
});

test("several workers find what one finds, whichever is first", async (t) => {
  const found = {};
  for (const workers of [1, 2, 3]) {
    const page = await find(t, "raft", "Two servers lead, in different terms", {
      before: (page) => page.addInitScript((workers) => Object.defineProperty(navigator, "hardwareConcurrency", { value: workers }), workers),
    });
    await page.locator(".search-notes small", { hasText: /does it\./ }).waitFor({ timeout: 100000 });
    const stage = await page.locator(".stages [aria-current]").innerText();
    found[workers] = [stage, (await said(page).innerText()).split("\n"), await digest(page)];
  }
  assert.deepEqual([found[2], found[3]], [found[1], found[1]]);
});

test("on a phone the menu asks what to find, and the sheet skips a stage", async (t) => {
  const page = await open(t, { at: "#/raft", size: NARROW, hasTouch: true });
  await page.getByRole("button", { name: "More" }).tap();
  await page.getByRole("button", { name: "Find a run in which …" }).tap();
  assert.ok((await chosen(page).boundingBox()).height >= 44);
  await axe(page);
  await shot(page, "search-asked-narrow-light");
  await chosen(page).selectOption({ label: "Election safety is broken" });
  const skip = sheet(page).getByRole("button", { name: "Skip this stage" });
  assert.ok((await skip.boundingBox()).height >= 44);
  await skip.tap();
  await sheet(page).getByRole("button", { name: "All notes" }).tap();
  await page.locator(".stages li small", { hasText: "skipped" }).waitFor();
  await sheet(page).getByRole("button", { name: "Stop" }).tap();
  await sheet(page).getByText("Stopped").waitFor();
});
