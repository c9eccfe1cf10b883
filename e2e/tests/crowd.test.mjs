// A figure with more messages and events than can be read one by one: they are drawn in few paths, and are pressed, taken and
// walked through as any other. What is chosen is an element with a name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, becomes, digest, fingerHold, moves, NARROW, open, tabTo } from "../lightcone.mjs";

const CROWDED = "#/raft/figure-7?from=0&to=100000";

/** The page with the whole run in its figure. */
async function crowded(t, options) {
  const page = await open(t, { at: CROWDED, ...options });
  await page.locator(".msgs .way").first().waitFor({ state: "attached" });
  // One by one, 322 messages and 161 events are some 1,800 elements.
  const elements = await page.locator(".msgs *, .marks *").count();
  assert.ok(elements > 0 && elements < 900, `${elements} elements`);
  return page;
}

/** Where heads are that stand apart from all others, on the screen. */
function heads(page) {
  return page.evaluate(() => {
    const { x, y } = document.querySelector("svg.fig").getBoundingClientRect();
    // A head is drawn from one of its corners behind the tip to the tip.
    const tips = (head) => [...head.getAttribute("d").matchAll(/M\S+ -?[\d.]+L(\S+) (-?[\d.]+)L/g)].map((at) => ({ x: x + Number(at[1]), y: y + Number(at[2]) }));
    const all = [...document.querySelectorAll(".msgs :is(.hd, .ho)")].flatMap(tips);
    const near = (one) => Math.min(...all.filter((other) => other !== one).map((other) => Math.hypot(one.x - other.x, one.y - other.y)));
    const seen = all.filter((at) => at.x > 0 && at.x < innerWidth && at.y > 0 && at.y < innerHeight);
    return seen.map((at) => ({ ...at, far: near(at) })).sort((a, b) => b.far - a.far);
  });
}

/** The element that the keys are on: its role, its name and whether it is about a message. */
function active(page) {
  return page.locator(".figure-box").evaluate((figure) => {
    const element = document.getElementById(figure.getAttribute("aria-activedescendant"));
    return element && { role: element.getAttribute("role"), said: element.getAttribute("aria-label"), message: element.dataset.message };
  });
}

test("a press on a head selects its message, which is then an element with a name", async (t) => {
  const page = await crowded(t);
  assert.equal(await page.locator("[data-message]").count(), 0);
  const [{ x, y }] = await heads(page);
  await page.mouse.click(x, y);
  await page.getByRole("heading", { name: "Selected message" }).waitFor();
  await page.locator(".fig .sel-out").waitFor({ state: "attached" });
  const { role, said, message } = await active(page);
  assert.equal(role, "button");
  assert.match(said, / to \w+, sent at /);
  assert.equal(await page.locator("[data-message]").count(), 1);
  assert.equal(await page.locator("[data-message]").getAttribute("data-message"), message);
  await axe(page);
});

test("a head is taken and let go where it looks as if it were", async (t) => {
  const page = await crowded(t);
  const before = await digest(page);
  const [{ x, y }] = await heads(page);
  await page.mouse.move(x, y);
  await page.locator(".fig .take").waitFor({ state: "attached" });
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 8 });
  await page.locator(".fig .grip").waitFor({ state: "attached" });
  const named = (figure) => !figure.hasAttribute("aria-activedescendant") || document.getElementById(figure.getAttribute("aria-activedescendant"));
  assert.ok(await page.locator(".figure-box").evaluate(named), "no name is left of what is in the hand");
  await page.mouse.up();
  await becomes(() => moves(page).then((all) => all.length), 1);
  assert.notEqual(await digest(page), before);
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), before);
});

test("a finger selects and takes as a mouse does", async (t) => {
  const page = await crowded(t, { size: NARROW, hasTouch: true, isMobile: true });
  const [{ x, y }] = await heads(page);
  await page.touchscreen.tap(x, y);
  await page.locator(".fig .sel-out").waitFor({ state: "attached" });
  assert.equal((await active(page)).role, "button");
  // The sheet has opened, but the head is where it was.
  const finger = await fingerHold(page, { boundingBox: async () => ({ x, y, width: 0, height: 0 }) });
  await page.locator(".fig .grip").waitFor({ state: "attached" });
  await finger.move(0, 40);
  await finger.lift();
  await becomes(() => moves(page).then((all) => all.length), 1);
});

test("the keys walk through events and messages, and each that they are on has a name", async (t) => {
  const page = await crowded(t);
  await tabTo(page, page.getByRole("application"));
  await page.keyboard.press("Home");
  const said = new Set();
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("ArrowRight");
    await becomes(async () => !said.has((await active(page))?.said ?? null) && (await active(page))?.role, "button");
    said.add((await active(page)).said);
  }
  assert.equal(said.size, 12);
  await page.keyboard.press("Tab");
  await becomes(async () => (await active(page))?.message !== undefined, true);
  const before = await digest(page);
  await page.keyboard.press("Shift+ArrowRight");
  await becomes(async () => (await digest(page)) === before, false);
  assert.equal((await active(page)).role, "button");
});

test("zoomed in, each message is an element again", async (t) => {
  const page = await crowded(t);
  await page.goto(page.url().replace(/from=\d+&to=\d+/, "from=0&to=60"));
  await becomes(async () => (await page.locator(".msgs > [data-message][aria-label]").count()) > 3, true);
});
