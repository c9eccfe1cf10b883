// The page arrives, under a strict policy, wherever it is put.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { homeAlive, allParts, axe, becomes, blank, digest, drag, head, IN_PATH, MEDIUM, NARROW, open, shot, tabTo, TOP, WIDE } from "../lightcone.mjs";

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';";

for (const [place, from] of [["at the top of a host", TOP], ["under a longer path", IN_PATH]]) {
  test(`the page loads ${place}, under a strict policy, without a complaint`, async (t) => {
    const page = await blank(t);
    const answer = await page.goto(from);
    assert.ok(answer.headers()["content-security-policy"].startsWith(STRICT));
    await page.locator("main h1").first().waitFor();
    const fonts = await page.evaluate(() => document.fonts.load("16px Inter").then((list) => list.length));
    assert.ok(fonts > 0, "the page's own font loads");
  });
}

test("the page asks only its own host, and for each file once", async (t) => {
  const page = await blank(t);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(TOP);
  await page.locator("main h1").first().waitFor();
  assert.deepEqual(asked.filter((address) => !address.startsWith(TOP)), []);
  // Browsers ask for the icon again when the address or the title changes; the rest is asked for once.
  const files = asked.filter((address) => !/\/icon-/.test(address));
  assert.deepEqual(files, [...new Set(files)]);
});

test("without JavaScript the page says what it needs", async (t) => {
  const page = await open(t, { javaScriptEnabled: false, allow: [/^failed: .*\.js csp$/] });
  assert.match(await page.locator("main").innerText(), /needs JavaScript and WebAssembly/);
});

test("without WebAssembly the page says so", async (t) => {
  const before = (page) => page.addInitScript(() => delete globalThis.WebAssembly);
  const page = await open(t, { at: "#/raft", before });
  assert.match(await page.locator("main").innerText(), /WebAssembly is switched off/);
  await axe(page);
  await shot(page, "no-webassembly");
  // The first page has what can be read.
  await page.goto(TOP);
  await page.reload();
  await page.getByRole("alert").filter({ hasText: "WebAssembly is switched off" }).waitFor();
  assert.equal(await page.locator("section.ch").count(), 7);
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
  await axe(page);
});

// Of what is fetched early, some is of no use then; and the next page does not wait for the icon of this one.
const LOST = [/wasm/, /Failed to load resource/, /Failed to fetch/, /was preloaded using link preload/, /icon-.*ERR_ABORTED/];

for (const [address, heading] of [["", "You are the network."], ["#/raft", "Raft"]]) {
  test(`when the program does not arrive at ${address || "home"}, the page says so and can try again`, async (t) => {
    const page = await blank(t, { allow: LOST });
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto(TOP + address);
    await page.getByRole("heading", { name: "Lightcone did not load" }).waitFor();
    await axe(page);
    await page.unroute("**/*.wasm");
    await tabTo(page, page.getByRole("button", { name: "Try again" }));
    await page.keyboard.press("Enter");
    await page.locator("svg.fig .hit").first().waitFor();
    await page.getByRole("heading", { name: heading, exact: true }).waitFor();
  });
}

test("the contents stay when the program does not arrive, and their links call it again", async (t) => {
  const page = await blank(t, { allow: LOST });
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(TOP);
  await page.getByRole("alert").filter({ hasText: "Lightcone did not load" }).waitFor();
  assert.equal(await page.locator("section.ch").count(), 7);
  await shot(page, "home-without-program");
  await page.unroute("**/*.wasm");
  await page.getByRole("link", { name: "Raft", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Raft", exact: true }).waitFor();
});

test("the first page that does not arrive is fetched again, from a run as well", async (t) => {
  const page = await blank(t, { allow: [...LOST, /contents-/, /fonts.*ERR_ABORTED/] });
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  await page.route("**/contents-*", (route) => route.abort());
  await page.goto(TOP);
  await page.getByRole("heading", { name: "Lightcone did not load" }).waitFor();
  await page.goto(TOP + "#/lamport/figure");
  await page.reload();
  await page.locator("main h1").first().waitFor();
  await page.getByRole("link", { name: "Lightcone" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "A part of the page did not arrive" });
  await alert.waitFor();
  await page.unroute("**/contents-*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "You are the network." }).waitFor();
  await homeAlive(page);
});

test("the first page needs one chapter; without it, its figure stays a picture and can be fetched again", async (t) => {
  const page = await blank(t, { allow: LOST });
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  await page.route(/split_(consensus|shelf_raft)/, (route) => route.abort());
  await page.goto(TOP);
  await page.locator("main h1").first().waitFor();
  await page.mouse.move(300, 300);
  const notice = page.getByRole("alert").filter({ hasText: "A part of the page did not arrive" });
  await notice.waitFor();
  await page.locator(".herofig svg.fig:visible").waitFor();
  await page.unroute(/split_(consensus|shelf_raft)/);
  await notice.getByRole("button", { name: "Try again" }).click();
  await homeAlive(page);
  assert.equal(await notice.count(), 0);
});

test("the field fetches all chapters, says so meanwhile, and says when one does not arrive", async (t) => {
  const page = await blank(t, { allow: LOST });
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  let release;
  const released = new Promise((go) => (release = go));
  await page.route(/split_(order|shelf_lamport)/, (route) => released.then(() => route.abort()));
  await page.goto(TOP);
  const field = page.getByRole("searchbox");
  await field.fill("happened-before");
  await page.getByText("Fetching all runs.").waitFor();
  release();
  const alert = page.getByRole("alert").filter({ hasText: "A part of the page did not arrive" });
  await alert.waitFor();
  await axe(page);
  await page.unroute(/split_(order|shelf_lamport)/);
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.locator(".found b").first().waitFor();
  assert.equal(await field.inputValue(), "happened-before");
});

/** What is asked for until a run is all there, without fonts. */
async function askedFor(t, at) {
  const page = await blank(t);
  // Nothing is fetched ahead while this is counted.
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").pop()));
  await page.goto(TOP + at);
  // The notes come after the figure; the first page has none.
  await page.locator(at === "#/" ? "main h1" : ".margin h2").first().waitFor();
  return asked.filter((name) => /^(split_|shared)/.test(name)).map((name) => name.replace(/-[0-9a-f]+\./, ".")).sort();
}

test("a run fetches its own protocol, what stands around it, and no other part of the page", async (t) => {
  assert.deepEqual(await askedFor(t, "#/lamport/figure"), ["shared.wasm", "split_around.wasm", "split_shelf_lamport.wasm"]);
  assert.deepEqual(await askedFor(t, "#/raft"), ["shared.wasm", "split_around.wasm", "split_shelf_raft.wasm"]);
  assert.deepEqual(await askedFor(t, "#/"), []);
});

test("the picture of an embedded run asks for nothing of the program", async (t) => {
  const page = await blank(t);
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").pop().replace(/-[0-9a-f]{12,}\./, ".")));
  await page.goto(TOP + "#/embed/raft/election");
  await page.locator(".still svg.fig").waitFor();
  const files = asked.filter((name) => !/^icon|woff2$/.test(name)).sort();
  assert.deepEqual(files, ["", "boot.js", "election-wide.html", "figure.css", "first.css", "tokens.css"]);
});

test("a protocol that does not arrive is fetched again, and what is open stays", async (t) => {
  const page = await blank(t, { allow: [/split_shelf_raft/, /Failed to load resource/, /Failed to fetch/] });
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  await page.goto(TOP + "#/lamport/figure");
  await page.locator("main h1").first().waitFor();
  const before = await page.locator("[data-digest]").getAttribute("data-digest");
  await page.route("**/split_shelf_raft*", (route) => route.abort());
  await page.evaluate(() => (location.hash = "#/raft/election"));
  const notice = page.getByRole("alert").filter({ hasText: "A part of the page did not arrive" });
  await notice.waitFor();
  assert.equal(await page.locator("[data-digest]").getAttribute("data-digest"), before);
  await page.unroute("**/split_shelf_raft*");
  await notice.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { level: 1, name: /election/i }).waitFor();
  assert.notEqual(await page.locator("[data-digest]").getAttribute("data-digest"), before);
});

test("each part of the program is named by what is in it, so no cache takes one for another", () => {
  const dist = new URL("../../dist-test/", import.meta.url);
  const named = readdirSync(dist).filter((name) => /^(split_|shared-|parts-|lightcone-web)/.test(name));
  assert.ok(named.length > 20, named.join(" "));
  for (const name of named) {
    // FNV-1a in two halves: 2^40 + 0x1b3 times.
    let [high, low] = [0xcbf29ce4, 0x84222325];
    for (const byte of readFileSync(new URL(name, dist))) {
      low ^= byte;
      const product = (low >>> 0) * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
      low = product >>> 0;
    }
    const hex = (half) => (half >>> 0).toString(16).padStart(8, "0");
    assert.equal(name.match(/-([0-9a-f]{16})\./)?.[1], hex(high) + hex(low), name);
  }
});

/** Opens a run, and holds back what stands around its figure; with what releases that. */
async function withoutAround(t, at, options = {}) {
  const page = await blank(t, options);
  let release;
  const released = new Promise((go) => (release = go));
  await page.route("**/split_around*", (route) => released.then(() => route.continue()));
  await page.goto(TOP + at);
  await page.locator("svg.fig .msg, svg.fig .hit").first().waitFor();
  return { page, release };
}

for (const [name, size] of Object.entries({ wide: WIDE, medium: MEDIUM, narrow: NARROW })) {
  test(`the figure stays where it is when what stands around it arrives, ${name}`, async (t) => {
    const { page, release } = await withoutAround(t, "#/lamport/figure", { size });
    const places = () =>
      page.evaluate(() => [".title h1", ".about", "svg.fig"].map((each) => Object.values(document.querySelector(each).getBoundingClientRect().toJSON())));
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    const before = await places();
    assert.equal(await page.locator(".transport button").count(), 0);
    release();
    await page.locator(".transport button").first().waitFor();
    assert.deepEqual(await places(), before);
  });
}

test("the figure can be dragged before what stands around it has arrived", async (t) => {
  const { page, release } = await withoutAround(t, "#/raft/election");
  const before = await digest(page);
  await drag(page, head(page, "S1-S3-Vote-1"), 120, 0);
  await becomes(async () => (await digest(page)) !== before, true);
  assert.equal(await page.locator(".transport button").count(), 0);
  release();
  await page.locator(".transport button").first().waitFor();
  assert.notEqual(await digest(page), before);
});

test("keys and presses before what answers them has arrived are answered then, in their order", async (t) => {
  const after = async (early) => {
    const { page, release } = await withoutAround(t, "#/raft/election");
    const figure = page.getByRole("application");
    if (!early) {
      release();
      await page.locator(".transport button").first().waitFor();
    }
    await figure.focus();
    for (const key of ["ArrowRight", "ArrowRight", "Tab", "ArrowRight", "l"]) await page.keyboard.press(key);
    if (early) release();
    // L is no key of the figure, but of the page.
    await page.getByRole("table", { name: /^All/ }).waitFor();
    await page.keyboard.press("l");
    // The figure stands there again, and its place is marked once it is drawn.
    const marked = page.locator("[role=application][aria-activedescendant]");
    await marked.waitFor();
    return marked.getAttribute("aria-activedescendant").then((name) => name.replace(/^\D+\d+-/, ""));
  };
  assert.equal(await after(true), await after(false));
});

test("notes that do not arrive say so in their place, and the figure is there", async (t) => {
  for (const size of [WIDE, NARROW]) {
    const page = await blank(t, { size, allow: [/split_around/, /Failed to load resource/, /Failed to fetch/] });
    await page.route("**/split_around*", (route) => route.abort());
    await page.goto(TOP + "#/lamport/figure");
    await page.locator("svg.fig").first().waitFor();
    const alert = page.getByRole("alert").filter({ hasText: "A part of the page did not arrive" });
    await alert.waitFor();
    await axe(page);
    await page.unroute("**/split_around*");
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.locator(size === WIDE ? ".margin h2" : ".sheet .about-subject").first().waitFor();
    assert.equal(await alert.count(), 0);
  }
});

test("a dialog that does not arrive says so where it would be, and can be fetched again", async (t) => {
  const page = await blank(t, { allow: [/split_share/, /Failed to load resource/, /Failed to fetch/] });
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  await page.goto(TOP + "#/lamport/figure");
  await page.locator("main h1").first().waitFor();
  await page.route("**/split_share*", (route) => route.abort());
  await page.getByRole("button", { name: "Share" }).first().click();
  const alert = page.getByRole("alert").filter({ hasText: "A part of the page did not arrive" });
  await alert.waitFor();
  await page.unroute("**/split_share*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("dialog", { name: "Share this run" }).waitFor();
});

test("once nothing else happens, all parts are fetched, and the page goes on without a network", async (t) => {
  // The browser itself asks again for the tab's picture.
  const page = await blank(t, { allow: [/icon-.*\.svg/, /ERR_INTERNET_DISCONNECTED$/] });
  await page.goto(TOP + "#/lamport/figure");
  await page.locator("main h1").first().waitFor();
  await allParts(page);
  await page.context().setOffline(true);
  await page.evaluate(() => (location.hash = "#/raft/election"));
  await page.getByRole("heading", { level: 1, name: /election/i }).waitFor();
  await page.getByRole("button", { name: "Share" }).first().click();
  await page.getByRole("dialog", { name: "Share this run" }).waitFor();
});
