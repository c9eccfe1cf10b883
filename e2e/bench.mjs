// How long the page's frames take, in Chromium: `cargo xtask bench page`. It measures and asserts nothing, but that
// nothing is done while nothing happens. Run with links of runs; each is dragged, panned, zoomed and left alone.
//
// A frame is all that the page's main thread does from one move of the pointer to the next, as the browser's own
// timeline tells it. Times are the processor's, so that other work of the machine changes little; only the first figure is
// waited for. "simulate", "layout" and "drawing" (what of the figure has changed is written to the document) are named in the
// timeline by the page itself (the feature `bench` of web), "browser" is what Chromium does after the page's code: styles,
// layout and paint. "page" is the rest: what stands around the figure. "raster" is the time in which Chromium's other threads
// make pixels of it (the timeline's `RasterTask`); it is no part of the total, which is the main thread's.
// Machines differ: the last column is the total in units of a fixed loop.
import { chromium } from "playwright-core";

const MOVES = 200;
const IDLE_MILLIS = 2000;
const OPENINGS = 3;
const NAMED = ["simulate", "layout", "drawing"];
const PARTS = [...NAMED, "page", "browser", "total", "raster"];
const BROWSER = new Set(["UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit", "HitTest", "IntersectionObserverController::computeIntersections"]);
const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"];
const SIZE = { width: 1440, height: 900 };

const { LIGHTCONE_URL: top, CHROMIUM: executablePath } = process.env;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const unit = await loop();
  console.log(`The fixed loop takes ${unit.toFixed(2)} ms here.\n`);
  for (const link of process.argv.slice(2)) await measure(link, unit);
} finally {
  await browser.close();
}

async function measure(link, unit) {
  const openings = [];
  for (let count = 0; count < OPENINGS; count += 1) openings.push(await firstFigure(link));
  const page = await open(link);
  const events = await page.evaluate(() => document.querySelector(".figure-box").getAttribute("aria-label"));
  console.log(events);
  console.log(`  first figure   p50 ${quantile(openings, 0.5).toFixed(0)} ms, fastest ${Math.min(...openings).toFixed(0)} ms`);
  const idle = await idling(page);
  console.log(`  left alone     ${idle.frames} frames asked for, ${idle.changes} changes of the page in ${IDLE_MILLIS} ms`);
  console.log(`  ${"ms p50 / p95".padEnd(14)} ${PARTS.map((part) => part.padStart(13)).join("")}   p95 in loops`);
  table("drag", await dragging(page), unit);
  table("zoom", await zooming(page), unit);
  table("scroll", await panning(page), unit);
  await whole(page);
  table("drag, whole", await dragging(page), unit);
  console.log();
  await page.context().close();
  if (idle.frames > 0 || idle.changes > 0) process.exitCode = 1;
}

/** The run of a link, with its first figure on the screen. */
async function open(link) {
  const context = await browser.newContext({ viewport: SIZE });
  await context.addInitScript(() => {
    const request = window.requestAnimationFrame.bind(window);
    window.asked = 0;
    window.requestAnimationFrame = (due) => {
      window.asked += 1;
      return request(due);
    };
    const seen = new MutationObserver(() => {
      if (!document.querySelector("svg.fig .m")) return;
      seen.disconnect();
      // After the next frame is painted.
      request(() => setTimeout(() => (window.figureAt = performance.now())));
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  const page = await context.newPage();
  await page.goto(`${top}#/run/${link}`);
  await page.waitForFunction(() => window.figureAt > 0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return page;
}

async function firstFigure(link) {
  const page = await open(link);
  const at = await page.evaluate(() => window.figureAt);
  await page.context().close();
  return at;
}

/** What happens while nothing happens: once the page is at rest. */
function idling(page) {
  return page.evaluate(async (millis) => {
    const rest = (time) => new Promise((done) => setTimeout(done, time));
    await rest(500);
    let changes = 0;
    const before = window.asked;
    const seen = new MutationObserver((all) => (changes += all.length));
    seen.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
    await rest(millis);
    seen.disconnect();
    return { frames: window.asked - before, changes };
  }, IDLE_MILLIS);
}

/** Takes the message whose head is nearest to the figure's middle and carries it to and fro. */
async function dragging(page) {
  const { x, y } = await place(page, (heads, middle) => heads.sort((a, b) => far(a, middle) - far(b, middle))[0]);
  // With Alt nothing snaps: each move is another run.
  await page.keyboard.down("Alt");
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 8, y);
  const frames = await traced(page, "pointermove", (turn) => page.mouse.move(x + 8 + swing(turn), y));
  await page.keyboard.up("Alt");
  await page.keyboard.press("Escape");
  await page.mouse.up();
  return frames;
}

/** Zooms in and out around the figure's middle. */
async function zooming(page) {
  const { x, y } = await place(page, (_, middle) => middle);
  await page.mouse.move(x, y);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 10; turn += 1) await page.mouse.wheel(0, -100);
  const frames = await traced(page, "wheel", (turn) => page.mouse.wheel(0, Math.floor(turn / 20) % 2 ? -40 : 40));
  await page.keyboard.up("Control");
  return frames;
}

/** Takes hold of the ground where nothing else is and moves it to and fro. The window is as zooming left it. */
async function panning(page) {
  const { x, y } = await place(page, (heads, { x, y }) => {
    const spots = Array.from({ length: 400 }, (_, turn) => ({ x: x - 200 + turn, y: y + (turn % 20) * 3 }));
    const room = (spot) => Math.min(...heads.map((head) => far(head, spot)));
    return spots.sort((a, b) => room(b) - room(a))[0];
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 8, y);
  const frames = await traced(page, "pointermove", (turn) => page.mouse.move(x + 8 + swing(turn), y));
  await page.mouse.up();
  return frames;
}

/** Zooms out until the whole run is shown. */
async function whole(page) {
  const { x, y } = await place(page, (_, middle) => middle);
  await page.mouse.move(x, y);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 40; turn += 1) await page.mouse.wheel(0, 400);
  await page.keyboard.up("Control");
}

/** A place that `choose` chooses, given where all heads begin and the figure's middle. */
async function place(page, choose) {
  const { heads, middle } = await page.evaluate(() => {
    const { x, y } = document.querySelector("svg.fig").getBoundingClientRect();
    const begins = (head) => [...head.getAttribute("d").matchAll(/M(\S+) (-?[\d.]+)/g)].map((at) => ({ x: x + Number(at[1]), y: y + Number(at[2]) }));
    const heads = [...document.querySelectorAll(".msgs :is(.hd, .ho)")].flatMap(begins);
    // What is in this element reaches beyond it.
    const [left, top, width, height] = document.querySelector("svg.fig svg.clip").getAttribute("viewBox").split(" ").map(Number);
    return { heads, middle: { x: x + left + width / 2, y: y + top + height / 2 } };
  });
  return choose(heads, middle);
}

function far(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** 40 pixels to and fro, two at a time. */
function swing(turn) {
  return 2 * Math.abs((turn % 40) - 20);
}

/** Makes all moves, each in a frame of its own, and gives the parts of each frame in milliseconds. */
async function traced(page, type, move) {
  const events = await timeline(page, async () => {
    for (let turn = 0; turn < MOVES; turn += 1) {
      await move(turn);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    }
  });
  const moved = events.filter(({ name, args }) => name === "EventDispatch" && args.data?.type === type);
  const main = events.filter(({ pid, tid }) => pid === moved[0].pid && tid === moved[0].tid);
  const tasks = outermost(main.filter(({ name }) => name === "RunTask"));
  const rendering = outermost(main.filter(({ name }) => BROWSER.has(name)));
  const raster = events.filter(({ pid, name }) => pid === moved[0].pid && name === "RasterTask");
  const spans = named(main);
  const starts = moved.map(({ ts }) => tasks.findLast((task) => task.ts <= ts)?.ts ?? ts);
  return starts.slice(0, -1).map((start, place) => {
    const sum = (some) => {
      const inside = some.filter(({ ts }) => ts >= start && ts < starts[place + 1]);
      return inside.reduce((sum, { tdur }) => sum + (tdur ?? 0), 0) / 1000;
    };
    const parts = Object.fromEntries(NAMED.map((part) => [part, sum(spans.filter(({ name }) => name === part))]));
    const [total, browser] = [sum(tasks), sum(rendering)];
    const page = Math.max(0, NAMED.reduce((rest, part) => rest - parts[part], total - browser));
    return { ...parts, page, browser, total, raster: sum(raster) };
  });
}

/** The browser's timeline while something is done. */
async function timeline(page, does) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await does();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  return traceEvents.sort((a, b) => a.ts - b.ts);
}

/** Events that lie in no other. */
function outermost(events) {
  let end = 0;
  return events.filter(({ ts, dur }) => {
    const outside = ts >= end;
    if (outside) end = ts + dur;
    return outside;
  });
}

/** What the page named: from its mark to the measure that follows. */
function named(events) {
  const marks = events.filter(({ name, ph, cat }) => (cat === "blink.user_timing" && ph === "I") || name === "UserTiming::Measure");
  return marks.flatMap((mark, place) => {
    const end = marks[place + 1];
    return mark.ph === "I" && end?.ph === "X" ? [{ name: mark.name, ts: mark.ts, tdur: end.tts - mark.tts }] : [];
  });
}

function table(name, frames, unit) {
  const cells = PARTS.map((part) => {
    const all = frames.map((frame) => frame[part]);
    return `${quantile(all, 0.5).toFixed(1)} / ${quantile(all, 0.95).toFixed(1)}`.padStart(13);
  });
  const total = quantile(frames.map(({ total }) => total), 0.95);
  console.log(`  ${name.padEnd(14)} ${cells.join("")}   ${(total / unit).toFixed(2)}   (${frames.length} frames)`);
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** The median time of a fixed loop in this browser, in milliseconds of the processor's time. */
async function loop() {
  const page = await browser.newPage();
  const events = await timeline(page, () =>
    page.evaluate(async () => {
      let hash = 1;
      const loop = () => {
        for (let turn = 0; turn < 2_000_000; turn += 1) hash = Math.imul(hash ^ turn, 0x9e3779b1);
      };
      for (let turn = 0; turn < 25; turn += 1) await new Promise((done) => setTimeout(() => done(loop())));
    }),
  );
  await page.close();
  return quantile(events.filter(({ name }) => name === "TimerFire").map(({ tdur }) => tdur / 1000), 0.5);
}
