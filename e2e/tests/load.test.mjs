// The page arrives, under a strict policy, wherever it is put.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, blank, IN_PATH, open, shot, tabTo, TOP } from "../lightcone.mjs";

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
  // The file is on its way when it turns out that it is of no use; a slow machine remarks on that.
  const page = await open(t, { before, allow: [/was preloaded using link preload/] });
  assert.match(await page.locator("main").innerText(), /WebAssembly is switched off/);
  await axe(page);
  await shot(page, "no-webassembly");
});

test("when a part does not arrive, the page says so and can try again", async (t) => {
  const allow = [/wasm/, /Failed to load resource/, /Failed to fetch/];
  const page = await blank(t, { allow });
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(TOP);
  await page.getByRole("heading", { name: "Lightcone did not load" }).waitFor();
  await page.unroute("**/*.wasm");
  await tabTo(page, page.getByRole("button", { name: "Try again" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "You are the network." }).waitFor();
});
