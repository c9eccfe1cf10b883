// A run is shared as a link, as a frame in another page, as a picture, as a text. Each stands alone.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { axe, becomes, blank, digest, drag, head, moves, NARROW, open, shot, tabTo, TOP, WIDE } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const VOTE = "S1-S3-Vote-1";
const MERMAID = readFileSync(createRequire(import.meta.url).resolve("@mermaid-js/tiny"), "utf8");
/** The addresses of the gallery's runs. */
const SCENARIOS = new URL("../../core/content/runs/", import.meta.url);
const RUNS = readdirSync(SCENARIOS, { recursive: true })
  .filter((name) => name.endsWith(".scenario"))
  // A folder a chapter, in it one a protocol; the address names the protocol.
  .map((name) => `#/${name.slice(name.indexOf("/") + 1, -".scenario".length)}`);

const dialog = (page) => page.getByRole("dialog", { name: "Share this run" });
const tab = (page, name) => dialog(page).getByRole("tab", { name, exact: true });
const field = (page) => dialog(page).locator("textarea");
const value = (page) => field(page).inputValue();

/** Opens the dialog at one of its tabs. */
async function share(page, name) {
  await page.getByRole("button", { name: "Share" }).click();
  await tab(page, name).click();
}

/** A run with one move. */
async function moved(t, options) {
  const page = await open(t, { at: ELECTION, ...options });
  await drag(page, head(page, VOTE), 60, 0);
  await becomes(() => moves(page).then((all) => all.length), 1);
  return page;
}

/** The file that a button saves. */
async function saved(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), dialog(page).getByRole("button", { name }).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test("the focus goes back to the button that asked for the dialog, wherever it went before the dialog was there", async (t) => {
  const page = await blank(t);
  await page.addInitScript(() => (globalThis.requestIdleCallback = () => {}));
  let release;
  const released = new Promise((go) => (release = go));
  await page.route("**/split_share*", (route) => released.then(() => route.continue()));
  await page.goto(TOP + ELECTION);
  const opener = page.getByRole("button", { name: "Share" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await opener.evaluate((element) => element !== document.activeElement), "the focus has gone on");
  release();
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement), "the opener has the focus");
});

test("the tabs answer to arrow keys, Escape closes the dialog, and the focus goes back", async (t) => {
  const page = await open(t, { at: ELECTION });
  const opener = page.getByRole("button", { name: "Share" });
  await opener.focus();
  await page.keyboard.press("Enter");
  // The dialog is fetched when it is first used. Until it is there, Tab goes on along the page.
  await dialog(page).waitFor();
  await tabTo(page, tab(page, "Link"));
  for (const [key, name] of [["ArrowRight", "Question"], ["ArrowRight", "Embed"], ["End", "Text"], ["ArrowRight", "Link"], ["ArrowLeft", "Text"], ["Home", "Link"]]) {
    await page.keyboard.press(key);
    await becomes(() => tab(page, name).getAttribute("aria-selected"), "true");
    assert.ok(await tab(page, name).evaluate((element) => element === document.activeElement), `${name} has the focus`);
    assert.equal(await dialog(page).getByRole("tab", { selected: true }).count(), 1);
    assert.equal(await dialog(page).getByRole("tabpanel", { name }).count(), 1);
  }
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement));
  await opener.click();
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await dialog(page).waitFor({ state: "detached" });
  await becomes(() => opener.evaluate((element) => element === document.activeElement), true);
});

test("the link that is copied opens the same run, at the moment that is shown", async (t) => {
  const page = await moved(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Next event" }).click();
  await share(page, "Link");
  const look = dialog(page).getByRole("checkbox", { name: /^Open at [\d.]+ ms/ });
  assert.ok(await look.isChecked(), "a reader who looked around shows what is seen");
  assert.match(await value(page), /\?at=[\d.]+/);
  await look.uncheck();
  assert.equal(await value(page), page.url().replace(/\?.*/, ""));
  const length = (await value(page)).length - page.url().indexOf("#");
  await dialog(page).getByText(`${length} characters: the scenario and your one move, nothing about you.`).waitFor();
  await dialog(page).getByRole("button", { name: "Copy" }).click();
  await dialog(page).getByRole("button", { name: "Copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, await value(page));
  const other = await blank(t);
  await other.goto(link);
  await other.locator("main.explorer").waitFor();
  assert.equal(await digest(other), await digest(page));
  assert.deepEqual(await moves(other), await moves(page));
});

test("where the clipboard is not allowed the text is selected", async (t) => {
  const page = await open(t, {
    at: ELECTION,
    before: (page) => page.addInitScript(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("no")))),
  });
  await page.getByRole("button", { name: "Share" }).click();
  for (const name of ["Link", "Text"]) {
    await tab(page, name).click();
    await dialog(page).getByRole("button", { name: "Copy" }).click();
    await dialog(page).getByText("copy it with the keyboard").waitFor();
    const selected = await field(page).evaluate((field) => field.selectionEnd - field.selectionStart);
    assert.equal(selected, (await value(page)).length, name);
  }
});

test("without the reader's moves the link is the run they were made in", async (t) => {
  const page = await moved(t);
  await share(page, "Link");
  await dialog(page).getByRole("checkbox", { name: /^Leave out my moves/ }).check();
  assert.match(await value(page), /#\/raft\/election(\?|$)/);
  await dialog(page).getByText(/characters: the scenario, nothing about you\./).waitFor();
  const other = await blank(t);
  await other.goto(await value(page));
  await other.locator("main.explorer").waitFor();
  assert.deepEqual(await moves(other), []);
});

test("the frame for other pages says what its reader may do", async (t) => {
  const page = await open(t, { at: ELECTION });
  await share(page, "Embed");
  const frame = async () => {
    const html = await value(page);
    return page.evaluate((html) => {
      const made = new DOMParser().parseFromString(html, "text/html").body.children;
      const attributes = [...made[0].attributes].map(({ name, value }) => [name, value]);
      return { count: made.length, tag: made[0].localName, ...Object.fromEntries(attributes) };
    }, html);
  };
  await dialog(page).getByRole("radio", { name: /^Frame/ }).check();
  await becomes(async () => (await frame()).tag, "iframe");
  const made = await frame();
  assert.deepEqual([made.count, made.tag, made.width, made.loading], [1, "iframe", "100%", "lazy"]);
  assert.equal(made.title, await page.getByRole("heading", { level: 1 }).innerText());
  assert.match(made.height, /^\d+$/);
  assert.equal(made.style, undefined, "other pages may forbid styles in attributes");
  assert.equal(made.src, `${TOP}#/embed/raft/election?poster=yes`);
  await dialog(page).getByRole("checkbox", { name: "Readers may drag" }).uncheck();
  await becomes(async () => (await frame()).src, `${TOP}#/embed/raft/election?edit=no&poster=yes`);
  await dialog(page).getByRole("radio", { name: "Live when seen" }).check();
  await becomes(async () => (await frame()).src, `${TOP}#/embed/raft/election?edit=no`);
  await dialog(page).getByText("frame-src").waitFor();
});

test("the element for other pages is two lines, with a preview of what they show", async (t) => {
  const page = await open(t, { at: `${ELECTION}?at=98`, permissions: ["clipboard-read", "clipboard-write"] });
  await share(page, "Embed");
  const [script, element] = (await value(page)).split("\n");
  assert.equal(script, `<script type="module" src="${TOP}lightcone.js"></script>`);
  assert.match(element, /^<light-cone run="raft\/election" at="98" start="press"><a href="[^"]*#\/raft\/election\?at=98">A leader election<\/a><\/light-cone>$/);
  const preview = dialog(page).frameLocator("iframe");
  await preview.getByRole("button", { name: "Start the figure" }).waitFor();
  await dialog(page).getByRole("radio", { name: "Dark" }).check();
  await becomes(async () => (await value(page)).includes('theme="dark"'), true);
  await becomes(() => preview.locator("html").getAttribute("data-theme"), "dark");
  const copy = dialog(page).getByRole("button", { name: "Copy" });
  await copy.focus();
  await page.keyboard.press("Enter");
  await dialog(page).getByRole("status").getByText("The text is copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await value(page));
});

test("every option of the element is a control, or said not to be one", async (t) => {
  // Each choice is a new frame in the preview.
  const page = await open(t, { at: ELECTION, allow: [/ERR_ABORTED/] });
  await share(page, "Embed");
  const control = (role, name) => dialog(page).getByRole(role, { name, exact: true });
  const fill = async (field, text) => {
    await field.fill(text);
    await field.press("Tab");
  };
  await control("radio", "Plays when seen").check();
  await control("checkbox", "Readers may drag").uncheck();
  await control("checkbox", "Bar with play and verdicts").uncheck();
  await fill(control("textbox", "Shown from"), "50");
  await fill(control("textbox", "to"), "160.5");
  for (const [name, colour] of [["Paper of another colour", "#f7f7f2"], ["Accent of another colour", "#0a5cad"]]) {
    await control("checkbox", name).check();
    await dialog(page).locator(`input[type=color][aria-label="${name}"]`).fill(colour);
  }
  await control("checkbox", "Fixed height").check();
  await fill(control("spinbutton", "Fixed height"), "320");
  await becomes(
    async () => /<light-cone ([^>]*)>/.exec(await value(page))[1],
    'run="raft/election" from="50" to="160.5" controls="no" edit="no" autoplay="yes" paper="f7f7f2" accent="0a5cad" height="320"',
  );
  const frame = dialog(page).locator("iframe");
  await becomes(async () => Math.round((await frame.boundingBox()).height), 320);
  const colours = () => dialog(page).frameLocator("iframe").locator("html").evaluate((root) => ["--paper", "--hand"].map((name) => root.style.getPropertyValue(name)));
  await becomes(colours, ["#f7f7f2", "#0a5cad"]);
  await shot(page, "share-embed");
  await fill(control("spinbutton", "Fixed height"), "7");
  assert.match(await value(page), /height="320"/, "what cannot be is not taken");
  await fill(control("textbox", "Shown from"), "");
  await becomes(async () => / from=/.test(await value(page)), false);
  // The element itself says which attributes there are.
  const attributes = await page.evaluate(async () => {
    await import(new URL("lightcone.js", document.baseURI).href);
    return customElements.get("light-cone").observedAttributes;
  });
  const said = await dialog(page).innerText();
  const chosen = ["run", "link", "at", "select", "light", "from", "to", "theme", "paper", "accent", "edit", "controls", "autoplay", "height", "start"];
  for (const name of attributes.filter((name) => !chosen.includes(name))) assert.match(said, new RegExp(`\\b${name}\\b`), name);
});

/** Loads a file into an <img> of a page that knows nothing of Lightcone; how large it is, and its colours by number. */
const drawn = (page, type, bytes) =>
  page.evaluate(
    async ({ type, base64 }) => {
      const image = new Image();
      image.src = `data:${type};base64,${base64}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const colours = {};
      for (let place = 0; place < data.length; place += 4) {
        const colour = `${data[place]},${data[place + 1]},${data[place + 2]},${data[place + 3]}`;
        colours[colour] = (colours[colour] ?? 0) + 1;
      }
      return { width: canvas.width, height: canvas.height, colours };
    },
    { type, base64: bytes.toString("base64") },
  );

// Paper and ink of the two themes; light paper is white, to be printed.
const THEMES = [
  ["light", "255,255,255,255", "23,24,28,255"],
  ["dark", "19,20,24,255", "236,235,230,255"],
];

for (const [scheme, paper, ink] of THEMES) {
  test(`the picture stands alone, as lines and as pixels, ${scheme}`, async (t) => {
    const page = await moved(t, { colorScheme: scheme });
    await share(page, "Link");
    const link = await value(page);
    assert.match(link, /\?.*select=/, "the message that was moved is selected");
    await tab(page, "Picture").click();
    const svg = await saved(page, "Download SVG");
    assert.equal(svg.name, "raft-election.svg");
    const text = svg.bytes.toString("utf8");
    assert.equal(text.match(/@font-face\{[^}]*url\(data:font\/woff2;base64,[A-Za-z0-9+/]{1000}/g)?.length, 2, "both fonts are inside");
    assert.match(text, /<text class="said"[^>]*>Holds: Election safety/, "the verdicts stand below the figure");
    const other = await blank(t);
    await other.goto("about:blank");
    const read = await other.evaluate((text) => {
      const file = new DOMParser().parseFromString(text, "image/svg+xml");
      const names = [...file.querySelectorAll("*")].map((element) => element.localName);
      const attributes = [...file.querySelectorAll("*")].flatMap((element) => [...element.attributes]);
      const words = (selector) => [...file.querySelectorAll(selector)].map((element) => element.textContent);
      return {
        root: file.documentElement.namespaceURI,
        broken: names.includes("parsererror"),
        scripts: names.filter((name) => /^(script|foreignObject|image|use|a)$/.test(name)),
        handlers: attributes.filter(({ name }) => /^on|href|src/i.test(name)).map(({ name }) => name),
        title: words("svg > title")[0],
        description: words("svg > desc")[0],
        source: words("metadata")[0],
        heads: words(".lh-name"),
      };
    }, text);
    assert.deepEqual([read.root, read.broken, read.scripts, read.handlers], ["http://www.w3.org/2000/svg", false, [], []]);
    assert.equal(read.title, await page.locator("h1").innerText());
    assert.ok(read.description.includes(link) && read.source === link, "it says where it comes from");
    assert.deepEqual(read.heads, ["S1", "S2", "S3", "S4", "S5"]);
    assert.ok(!/var\(|@import|Take an arrow/.test(text), "nothing is left to the page");
    assert.ok([...text.matchAll(/url\(([^)]*)\)/g)].every(([, target]) => /^["']?(#|data:font\/)/.test(target)), "nothing from elsewhere");

    const png = await saved(page, "Download PNG");
    assert.equal(png.name, "raft-election.png");
    assert.equal(note(png.bytes), `Comment\0${link}`);

    await other.setContent(`<img src="data:image/svg+xml;base64,${svg.bytes.toString("base64")}">`);
    await shot(other, `shared-picture-${scheme}`);
    const lines = await drawn(other, "image/svg+xml", svg.bytes);
    const pixels = await drawn(other, "image/png", png.bytes);
    assert.deepEqual([pixels.width, pixels.height], [lines.width * 2, lines.height * 2]);
    for (const { colours, width, height } of [lines, pixels]) {
      const most = Object.entries(colours).sort(([, one], [, other]) => other - one)[0];
      assert.equal(most[0], paper, "the paper");
      assert.ok(colours[ink] > 400, "the cursor's flag is in the theme's ink");
      assert.ok(Object.keys(colours).length > 100 && most[1] < width * height, "and there is more");
    }
  });
}

/** The text chunk of a PNG whose chunks are all sound. */
function note(bytes) {
  assert.equal(bytes.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  const notes = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const [kind, content] = [bytes.toString("latin1", at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length)];
    assert.equal(bytes.readUInt32BE(at + 8 + length), crc32(bytes.subarray(at + 4, at + 8 + length)), `sum of ${kind}`);
    if (kind === "tEXt") notes.push(content.toString("latin1"));
    at += 12 + length;
  }
  assert.equal(notes.length, 1);
  return notes[0];
}

test("a scenario and a test are files that open again", async (t) => {
  const page = await moved(t);
  const before = await digest(page);
  await share(page, "Text");
  const scenario = await saved(page, "Download");
  assert.equal(scenario.name, "raft-election.scenario");
  assert.equal(scenario.bytes.toString(), await value(page));
  assert.match(await value(page), /\nmoves\n {2}deliver S1>S3 Vote#1 at /);
  await dialog(page).getByRole("checkbox", { name: /^Leave out my moves/ }).check();
  await becomes(async () => /\nmoves\n/.test(await value(page)), false);
  await dialog(page).getByRole("radio", { name: "Test" }).check();
  await becomes(async () => (await value(page)).split("\nexpect\n").length, 2);
  assert.match(await value(page), new RegExp(`\\nexpect\\n  holds\\n[^]*  digest ${before}\\n$`));
  const file = await saved(page, "Download");
  assert.equal(file.name, "raft-election-test.scenario");
  await page.keyboard.press("Escape");
  await page.goto(TOP + ELECTION);
  await becomes(async () => (await digest(page)) === before, false);
  await page.locator("input[type=file]").setInputFiles({ name: file.name, mimeType: "text/plain", buffer: file.bytes });
  await becomes(() => digest(page), before);
});

test("ShiViz reads the log with the expression that it takes by itself", async (t) => {
  const page = await open(t, { at: "#/lamport/figure" });
  await share(page, "Text");
  await dialog(page).getByRole("radio", { name: "ShiViz log" }).check();
  await becomes(async () => /^0 ms, starts\nN1 \{"N1":1\}\n/.test(await value(page)), true);
  const log = await value(page);
  const own = {};
  let read = 0;
  for (const { groups } of log.matchAll(/(?<event>.*)\n(?<host>\S*) (?<clock>{.*})/g)) {
    const clock = JSON.parse(groups.clock);
    own[groups.host] = (own[groups.host] ?? 0) + 1;
    assert.equal(clock[groups.host], own[groups.host], "each event counts one on its own host");
    read += 1;
  }
  assert.equal(read * 2, log.trimEnd().split("\n").length);
});

test("Mermaid's own parser reads every run of the gallery", async (t) => {
  const page = await open(t);
  const mermaid = await blank(t);
  await mermaid.goto("about:blank");
  await mermaid.addScriptTag({ content: MERMAID });
  const parse = (text) =>
    mermaid.evaluate((text) => globalThis.mermaid.parse(text).then((read) => read.diagramType, String), text);
  assert.ok(RUNS.length > 20, `${RUNS.length} runs`);
  for (const run of RUNS) {
    await page.evaluate((run) => (location.hash = run), run);
    await becomes(() => page.evaluate(() => location.hash), run);
    await page.locator("main.explorer").waitFor();
    await share(page, "Text");
    await dialog(page).getByRole("radio", { name: "Mermaid" }).check();
    await becomes(async () => (await value(page)).startsWith("sequenceDiagram\n"), true);
    assert.equal(await parse(await value(page)), "sequence", run);
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
  }
  assert.match(await parse("sequenceDiagram\n  S1-\n"), /^Error: /, "the parser does refuse what is none");
});

for (const [name, size] of [["wide", WIDE], ["narrow", NARROW]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the dialog fits and is accessible, ${name}, ${colorScheme}`, async (t) => {
      // In the frame of the preview, axe tries what the frame's own policy forbids.
      const page = await open(t, { at: ELECTION, size, colorScheme, allow: [/inline style/, /preload assets/] });
      await page.getByRole("button", { name: "Share" }).click();
      for (const each of ["Link", "Embed", "Picture", "Text"]) {
        await tab(page, each).click();
        await axe(page, "dialog");
        const inside = await dialog(page).evaluate((box) => [box.scrollWidth <= box.clientWidth, box.getBoundingClientRect().right <= innerWidth]);
        assert.deepEqual(inside, [true, true], `${each} has no room`);
        await shot(page, `share-${each.toLowerCase()}-${name}-${colorScheme}`);
      }
    });
  }
}
