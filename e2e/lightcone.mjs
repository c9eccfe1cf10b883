// What the end-to-end tests share. A test is short:
//
//   test("a message can be dropped", async (t) => {
//     const page = await open(t, { at: "#some-link", size: WIDE });
//     await page.getByRole("button", { name: "Drop" }).click();
//     await axe(page);
//     await shot(page, "dropped");
//   });
//
// `open` closes the page after the test and then fails it if the page complained: an error or a warning in
// the console, an exception, a request that failed, a breach of the content security policy. A test that
// provokes such a thing names it: `open(t, { allow: [/404/] })`. Of a test that fails, the last picture is kept.
// Wait for conditions, never for time.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

/** Where the page is served, at the top of a host. `cargo xtask test e2e` sets it. */
export const TOP = process.env.LIGHTCONE_URL;
/** The same page under a longer path. */
export const IN_PATH = process.env.LIGHTCONE_URL_IN_PATH;

/** The three layouts of the design, and an embedded figure. */
export const WIDE = { width: 1440, height: 900 };
export const MEDIUM = { width: 1000, height: 800 };
export const NARROW = { width: 390, height: 844 };
export const EMBED = { width: 800, height: 460 };

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const SCREENSHOTS = fileURLToPath(new URL("screenshots/", import.meta.url));

let browser;
after(() => browser?.close());

/**
 * Opens the page and waits until it shows its <main>, with all that stands around a run.
 *
 * @param t the running test, from node's test runner
 * @param {object} [options] `at`: what follows the address, such as "#…"; `from`: TOP or IN_PATH; `size`: one of
 *   the sizes above; `allow`: patterns of complaints that this test provokes; `still`: whether the poster of an embedded run is
 *   enough, else it waits for the program; all else (`colorScheme`, `reducedMotion`, `forcedColors`, `hasTouch`, `javaScriptEnabled`, …) goes to Playwright's newContext.
 */
export async function open(t, { at = "", from = TOP, size = WIDE, allow = [], before, still = false, ...context } = {}) {
  const page = await blank(t, { size, allow, ...context });
  await before?.(page);
  await page.goto(from + at);
  await page.locator("main").first().waitFor();
  if (!still) await alive(page);
  // What stands around a run comes after its figure.
  await page.locator(".explorer .loading, .sheet .loading, body .ef:empty").first().waitFor({ state: "detached" });
  return page;
}

/** Waits until no poster stands over an embedded run, whose figure is alive then. */
export const alive = (page) => page.locator(".still").waitFor({ state: "detached" });

/** A page that has not gone anywhere yet, for tests that watch it load. Otherwise as `open`. */
export async function blank(t, { size = WIDE, allow = [], ...options } = {}) {
  browser ??= await launch();
  const context = await browser.newContext({ viewport: size, ...options });
  const page = await context.newPage();
  const complaints = listen(page);
  t.after(async () => {
    if (!t.passed) await shot(page, `failed ${t.name}`.replace(/\W+/g, "-")).catch(() => {});
    await context.close();
    
    const left = complaints.filter((text) => !allow.some((pattern) => pattern.test(text)));
    assert.deepEqual(left, [], "the page complained");
  });
  return page;
}

/** Waits until the figure of the first page is alive. */
export const homeAlive = (page) => page.locator(".herofig .live .hit").first().waitFor();

/**
 * Waits until every part of the page and the first page have arrived: the files that the page's folder has of them. What hears a host
 * comes only in a frame.
 */
export async function allParts(page) {
  const count = readdirSync(new URL("../dist-test/", import.meta.url)).filter((name) => /^(split_(?!host)|contents-)/.test(name)).length;
  const arrived = (count) => {
    const files = performance.getEntriesByType("resource").filter(({ name, responseEnd }) => /split_|contents-/.test(name) && responseEnd > 0);
    return new Set(files.map(({ name }) => name)).size >= count;
  };
  await page.waitForFunction(arrived, count);
}

/** Everything the page complains about, in a list that grows. */
function listen(page) {
  const complaints = [];
  page.on("console", (message) => {
    // A busy machine may take longer from a fetch ahead to its use than Chromium expects. What is fetched and not used at all is found by
    // the tests that list what a page fetches.
    const late = message.text().includes("was preloaded using link preload but not used within a few seconds");
    if (["error", "warning"].includes(message.type()) && !late) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What is on its way when the reader leaves, when a frame goes or when a search ends is given up. A request that is refused or
    // gets no answer has another name.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("response", (answer) => {
    if (answer.status() >= 400) complaints.push(`${answer.status()}: ${answer.url()}`);
  });
  return complaints;
}

function launch() {
  assert.ok(TOP && IN_PATH && process.env.CHROMIUM, "run these tests with `cargo xtask test e2e`");
  return chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: FLAGS });
}

/** Fails with one line for each thing that axe finds wrong. `within`: a selector, for a part of the page. */
export async function axe(page, within) {
  const builder = new AxeBuilder({ page });
  if (within) builder.include(within);
  const { violations } = await builder.analyze();
  const lines = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target}`));
  assert.deepEqual(lines, [], "axe found something");
}

/** Keeps a picture of the page as e2e/screenshots/NAME.png. `options` as in Playwright's page.screenshot. */
export async function shot(page, name, options = {}) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, animations: "disabled", ...options });
}

/** The middle of an element, in the page's pixels. */
export async function middle(locator) {
  const box = await locator.boundingBox();
  assert.ok(box, `${locator} has no place on the screen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Takes an element with the mouse and drags it by (dx, dy) pixels. `hold: true` keeps the button down. */
export async function drag(page, locator, dx, dy, { hold = false, steps = 12 } = {}) {
  const { x, y } = await middle(locator);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx, y + dy, { steps });
  if (!hold) await page.mouse.up();
}

/** Takes an element with the mouse and keeps holding it at (dx, dy) pixels from there. */
export const hold = (page, locator, dx, dy) => drag(page, locator, dx, dy, { hold: true });

/** A message of the run, by its name: `S5-S3-Vote-1`. */
export const message = (page, name) => page.locator(`[data-message="${name}"]`);

/** Where a hand takes a message: its head, or its cross. */
export const head = (page, name) => message(page, name).locator(".hit");

/** The digest of the run that is open: two runs with the same digest are the same to the last event. */
export const digest = (page) => page.locator("main.explorer").getAttribute("data-digest");

/** The reader's moves as the margin lists them. */
export const moves = (page) => page.locator(".moves .said-move").allInnerTexts();

/** A place on the lane of a node: `part` of the way from the beginning of the window to its end. */
export async function lane(page, name, part) {
  const picture = await page.locator("svg.fig").boundingBox();
  const clip = await page.locator("svg.fig svg.clip").evaluate((clip) => {
    const number = (name) => Number(clip.getAttribute(name));
    return { x: number("x"), width: number("width") };
  });
  const base = await page.locator(".lh-name", { hasText: name }).evaluate((text) => Number(text.getAttribute("y")));
  // The name stands on the lane, a little above it.
  return { x: picture.x + clip.x + clip.width * part, y: picture.y + base + 4 };
}

/** Puts a finger on an element and leaves it there; `move` it, then `lift` it. */
export async function fingerHold(page, locator) {
  const { x, y } = await middle(locator);
  const session = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", { x, y });
  return {
    move: async (dx, dy, steps = 12) => {
      for (let step = 1; step <= steps; step += 1) {
        await touch("touchMove", { x: x + (dx * step) / steps, y: y + (dy * step) / steps });
      }
    },
    /** A second finger comes down at a place, moves by 30 pixels and goes; the first one stays where it was put. */
    second: async (place) => {
      const first = { x, y, id: 0 };
      await touch("touchStart", first, { ...place, id: 1 });
      await touch("touchMove", first, { x: place.x, y: place.y + 30, id: 1 });
      await touch("touchMove", first);
    },
    lift: () => touch("touchEnd"),
  };
}

/**
 * Puts two fingers on the page, moves each from its first place to its second, and lifts both. Places are
 * [x, y] in the page's pixels.
 */
export async function twoFingers(page, [one, other], [oneThere, otherThere], steps = 8) {
  const session = await page.context().newCDPSession(page);
  const touch = (type, ...places) => {
    const touchPoints = places.map(([x, y], id) => ({ x, y, id }));
    return session.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  const way = ([x, y], [toX, toY], part) => [x + (toX - x) * part, y + (toY - y) * part];
  await touch("touchStart", one);
  await touch("touchStart", one, other);
  for (let step = 1; step <= steps; step += 1) {
    await touch("touchMove", way(one, oneThere, step / steps), way(other, otherThere, step / steps));
  }
  await touch("touchEnd");
}

/** Presses Tab until an element has the focus, as a reader without a mouse does; fails when it never has. */
export async function tabTo(page, locator, { limit = 200 } = {}) {
  for (let presses = 0; presses < limit; presses += 1) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`${locator} is not among the first ${limit} stops of the Tab key`);
}

/**
 * Waits until `read()` gives a value that equals `wanted`; fails with both when it never does. In a list of texts,
 * a pattern stands for any text that it matches.
 */
export async function becomes(read, wanted, { within = 20000 } = {}) {
  const end = performance.now() + within;
  let value = await read();
  while (!same(value, wanted) && performance.now() < end) {
    await new Promise((next) => setTimeout(next, 20));
    value = await read();
  }
  if (!same(value, wanted)) assert.deepEqual(value, wanted);
}

function same(a, b) {
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    if (a.every((text, place) => (b[place] instanceof RegExp ? b[place].test(text) : text === b[place]))) return true;
  }
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
