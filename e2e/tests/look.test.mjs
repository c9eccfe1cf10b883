// How it looks: pictures of every layout, light and dark, for people to compare; axe finds nothing in any of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, drag, EMBED, head, hold, middle, moves, NARROW, open, shot, WIDE } from "../lightcone.mjs";

const SIZES = { wide: WIDE, small: EMBED, narrow: NARROW };
const RUNS = {
  home: "",
  explorer: "#/raft/one-vote-short",
  violation: "#/raft/figure-8",
  stale: "#/raft/stale-read-from-deposed-leader?at=239.8&select=e40",
  lamport: "#/lamport/figure",
};

for (const [place, size] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every page is clean for axe, ${place} and ${colorScheme}`, async (t) => {
      for (const [name, at] of Object.entries(RUNS)) {
        const page = await open(t, { at, size, colorScheme });
        await page.locator("svg.fig:visible").first().waitFor();
        await axe(page);
        await shot(page, `${name}-${place}-${colorScheme}`);
      }
    });
  }
}

test("a message in the hand is clean for axe", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  await hold(page, head(page, "S1-S3-Vote-1"), 80, 0);
  await page.locator(".grip").waitFor();
  await axe(page);
  await shot(page, "held-wide-light");
  await page.mouse.up();
  const { x, y } = await middle(head(page, "S1-S3-Vote-1"));
  await page.mouse.click(x, y);
  await axe(page);
  await shot(page, "moved-wide-light");
});

/** What a browser makes of a CSS colour in this page, or of a property of an element. */
const colour = (page, name) =>
  page.evaluate((name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.cssText = `forced-color-adjust:none;color:${name}`;
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, name);
const style = (locator, property) =>
  locator.evaluate((element, property) => getComputedStyle(element)[property], property);

test("on paper a run and its verdicts take one page, upright and across", async (t) => {
  for (const at of ["#/raft/split-vote", "#/raft/figure-7"]) {
    const page = await open(t, { at });
    await page.locator("svg.fig").waitFor();
    for (const landscape of [false, true]) {
      const pdf = await page.pdf({ format: "A4", landscape, margin: { top: "12mm", bottom: "12mm", left: "12mm", right: "12mm" } });
      assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1, `${at} ${landscape}`);
    }
  }
});

test("a property's note and the last of many lanes are not cut off", async (t) => {
  const page = await open(t, { at: "#/raft/election", size: EMBED });
  for (const name of [/^Election safety/, /^Log matching/, /^Every request is answered/]) {
    await page.getByRole("button", { name }).click();
    const { x, width } = await page.locator(".explains:visible").boundingBox();
    assert.ok(x >= 0 && x + width <= EMBED.width, `${name}: ${x} ${width}`);
  }
  const many = await open(t, { at: "#/raft/figure-7" });
  const box = await many.locator(".figure-box").boundingBox();
  const fig = await many.locator("svg.fig").boundingBox();
  assert.ok(fig.height <= box.height + 1, `${fig.height} in ${box.height}`);
});

test("on paper: white, no controls, figure and verdicts in one piece, moves and link as text", async (t) => {
  for (const [size, context] of [[WIDE, {}], [NARROW, { hasTouch: true, isMobile: true }]]) {
    const page = await open(t, { at: "#/raft/election", size, colorScheme: "dark", ...context });
    await page.getByRole("application").focus();
    if (size === WIDE) await drag(page, head(page, "S1-S3-Vote-1"), 80, 0);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await style(page.locator("html"), "backgroundColor"), "rgb(255, 255, 255)");
    assert.equal(await style(page.locator("h1"), "color"), "rgb(23, 24, 28)", "ink, not the light ink of dark screens");
    // Times and properties can be pressed on a screen; on paper they are words.
    assert.equal(await page.locator("button:visible:not(.time, .vlink), summary:visible").count(), 0, "nothing to press");
    for (const gone of [".transport", ".sheet", ".tools", ".veil", ".cursor", ".cursor-flag"]) {
      assert.equal(await page.locator(gone).first().isVisible(), false, gone);
    }
    assert.equal(await style(page.locator(".stage"), "breakInside"), "avoid");
    assert.equal(await page.getByText("Election safety").first().isVisible(), true, "the verdicts, one by one");
    assert.equal(await page.locator(".about").isVisible(), true);
    assert.equal(await style(page.locator(".margin"), "columnCount"), "auto");
    assert.equal(await page.locator(".address").innerText(), page.url());
    assert.equal(await page.locator(".newcomer").first().isVisible().catch(() => false), false, "no hint");
    if (size === WIDE) assert.equal((await moves(page)).length, 1);
    await shot(page, `print-${size.width}`, { fullPage: true });
    // A sheet is narrower than the screen was: the figure is set smaller, not cut off.
    await page.locator(".stage").evaluate((stage) => (stage.style.width = "360px"));
    const picture = page.locator("svg.fig");
    await becomes(async () => (await picture.boundingBox()).width <= 360, true);
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  }
});

test("in forced colours, strokes are text, the hand is the highlight, and shapes carry the rest", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(t, { at: "#/raft/election", forcedColors: "active", colorScheme });
    const [text, highlight] = [await colour(page, "CanvasText"), await colour(page, "Highlight")];
    const way = page.locator(".fig .k-ballot > .way").first();
    assert.equal(await style(way, "stroke"), text);
    assert.equal(await style(way, "strokeDasharray"), "7px, 3px");
    assert.equal(await style(page.locator(".fig .lane").first(), "stroke"), text);
    assert.equal(await style(page.locator(".fig .el").first(), "fill"), text);
    assert.equal(await style(page.locator(".fig .bands rect").first(), "fill"), "none");
    await hold(page, head(page, "S1-S3-Vote-1"), 80, 0);
    await page.locator(".grip").waitFor();
    assert.equal(await style(page.locator(".grip"), "fill"), highlight);
    assert.equal(await style(page.locator(".held .way").first(), "stroke"), highlight);
    await page.mouse.up();
    await axe(page);
    await shot(page, `forced-${colorScheme}`);
  }
});

test("with reduced motion nothing moves by itself, and playing goes from event to event", async (t) => {
  const page = await open(t, { at: "#/lamport/figure", reducedMotion: "reduce" });
  await page.locator(".fig .labels text").first().waitFor();
  await page.keyboard.press("Home");
  await page.getByLabel("Speed").selectOption({ label: "4×" });
  const events = await page.locator("[data-event]").count();
  await page.locator(".clock").evaluate((clock) => {
    window.seen = [];
    new MutationObserver(() => window.seen.push(clock.innerText)).observe(clock, { subtree: true, characterData: true, childList: true });
  });
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await becomes(() => page.evaluate(() => window.seen.length > 3), true);
  assert.deepEqual(await page.evaluate(() => document.getAnimations().length), 0);
  await page.getByRole("button", { name: "Play" }).waitFor();
  const seen = await page.evaluate(() => new Set(window.seen).size);
  assert.ok(seen <= events + 1, `${seen} moments are shown, of ${events} events`);
});

test("what the sheet opens is clean for axe", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(t, { at: "#/raft/stale-read-from-deposed-leader", size: NARROW, hasTouch: true, isMobile: true, colorScheme });
    const sheet = page.getByRole("region", { name: "Subject and commands" });
    for (const name of ["State", "Clocks", "Its future", "All notes"]) {
      await sheet.getByRole("button", { name }).click();
      await axe(page);
      await shot(page, `sheet-${name}-${colorScheme}`);
    }
  }
});

test("between phone and desk the notes stand below in three columns, and nothing is wider than the page", async (t) => {
  for (const size of [EMBED, { width: 1024, height: 768 }, { width: 720, height: 900 }]) {
    for (const at of ["#/raft/stale-read-from-deposed-leader", "#/raft/figure-8", "#/lamport/figure"]) {
      const page = await open(t, { at, size });
      await page.locator("svg.fig").waitFor();
      const notes = page.getByRole("complementary", { name: "Notes" });
      assert.equal(await style(notes, "columnCount"), "3");
      assert.ok((await notes.boundingBox()).y > (await page.locator(".stage").boundingBox()).y);
      const wider = await page.evaluate(() => {
        const beyond = [...document.querySelectorAll("main *, header *, .foot *")].filter((element) => {
          const { right, width } = element.getBoundingClientRect();
          return width > 0 && right > innerWidth + 1 && !element.closest("svg, .vh");
        });
        return [document.documentElement.scrollWidth - innerWidth, ...beyond.map((element) => element.className)];
      });
      assert.deepEqual(wider, [0], `${at} at ${size.width}`);
      await axe(page);
    }
  }
});
