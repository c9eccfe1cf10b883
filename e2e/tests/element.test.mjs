// The element <light-cone> in a page of somebody else's, on another origin, whose own policy is strict.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { IN_PATH, NARROW, TOP, becomes, blank, drag, shot } from "../lightcone.mjs";

const LINK = '<a href="https://example.org/#/raft/election">A leader election</a>';
const figure = (more = "", inside = LINK) => `<light-cone run="raft/election" ${more}>${inside}</light-cone>`;

/** A host page, on a port of its own, that lets in only what it needs of Lightcone. */
async function host(t, body, { from = TOP, script = true, frames = "", size, allow, ...options } = {}) {
  const home = new URL(from).origin;
  const policy = `default-src 'none'; script-src 'self' ${home}; frame-src ${home} ${frames}; img-src data:`;
  const element = script ? `<script type="module" src="${from}lightcone.js"></script>` : "";
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html", "content-security-policy": policy });
    answer.end(`<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">${element}<body><main>${body}</main></body></html>`);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => server.close());
  const page = await blank(t, { size, allow, ...options });
  await page.addInitScript(() => {
    globalThis.heard = [];
    globalThis.platform = [];
    addEventListener("message", ({ data }) => typeof data === "string" && data.includes("lti.") && platform.push(data));
    for (const name of ["ready", "change", "verdict", "solved", "select", "error"]) {
      addEventListener(name, (event) => event.target.localName === "light-cone" && heard.push([name, event.detail]));
    }
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return page;
}

const inside = (page, place = 0) => page.locator("light-cone iframe").nth(place).contentFrame();
const heard = (page, name) => page.evaluate((name) => heard.filter(([each]) => each === name).map(([, detail]) => detail), name);
const ready = (page, count = 1) => becomes(async () => (await heard(page, "ready")).length, count);
const call = (page, name, ...given) =>
  page.evaluate(
    ([name, given]) =>
      document.querySelector("light-cone")[name](...given).catch(({ code, message }) => ({ code, message })),
    [name, given],
  );

const set = (page, name, value) =>
  page.evaluate(([name, value]) => {
    const figure = document.querySelector("light-cone");
    if (value === null) figure.removeAttribute(name);
    else figure.setAttribute(name, value);
  }, [name, value]);

test("two lines are a living figure, which says what its reader does", async (t) => {
  const page = await host(t, figure('at="82"'));
  await ready(page);
  const state = await call(page, "state");
  assert.deepEqual([state.cursor, state.moves, state.selection, state.ignored], [82, [], null, 0]);
  assert.equal(state.verdicts.length, 9);
  assert.match(state.link, /#\/raft\/election/);
  await drag(page, inside(page).locator('[data-message="S1-S3-Vote-1"] .hit'), 60, 0);
  await becomes(async () => (await heard(page, "change")).some(({ byReader, otherRun }) => byReader && otherRun), true);
  const moved = await call(page, "state");
  assert.equal(moved.moves.length, 1);
  assert.equal(moved.moves[0].edit, "deliver");
});

test("it says how a question stands that it asks, and tells when that is solved, with the answer", async (t) => {
  const page = await host(t, figure().replace("raft/election", "challenge/sequence-numbers/blocks-inversion"));
  await ready(page);
  const stands = inside(page).locator(".ea");
  await stands.getByText("0 of 1 move").waitFor();
  await drag(page, inside(page).locator('[data-message="c1-N1-Write-1"] .hit'), 110, 0);
  await stands.getByText("Solved at par: 1 move.").waitFor();
  await becomes(async () => (await heard(page, "solved")).length, 1);
  assert.match((await heard(page, "solved"))[0].link, /#\/run\/A/);
  await call(page, "reset");
  await stands.getByText("0 of 1 move").waitFor();
});

test("it looks elsewhere, opens other runs and goes back to its own", async (t) => {
  const page = await host(t, figure());
  const shown = await call(page, "show", { at: 98.5, from: 20, to: 120, select: "m3", light: "future" });
  assert.deepEqual([shown.cursor, shown.selection], [98.5, "m3"]);
  assert.match(shown.link, /at=98.5&from=20&to=120&select=m3&light=future/);
  assert.ok((await heard(page, "change")).every(({ byReader }) => !byReader));
  const other = await call(page, "open", "lamport");
  assert.match(other.link, /#\/lamport/);
  assert.match((await call(page, "open", shown.link)).link, /at=98.5/);
  const text = readFileSync(new URL("../../core/content/runs/consensus/raft/figure-8.scenario", import.meta.url), "utf8");
  assert.match((await call(page, "open", text)).link, /#\/raft\/figure-8/);
  assert.match((await call(page, "reset")).link, /#\/raft\/election$/);
});

test("what cannot be done says why, and the figure stays", async (t) => {
  const page = await host(t, figure());
  await ready(page);
  const said = async (name, given, code) => {
    const answer = await call(page, name, given);
    assert.equal(answer.code, code, JSON.stringify(answer));
    assert.match(answer.message, /\.$/);
  };
  await said("open", "raft/nothing", "unknown-run");
  await said("open", "#/run/1.raft.xyz", "link-damaged");
  await said("open", "lightcone 1\nprotocol raft 1\nnonsense", "unknown-name");
  await said("show", { at: -1 }, "out-of-bounds");
  await said("show", { at: "soon" }, "wrong-form");
  await said("show", { select: "m99999" }, "unknown-name");
  await said("show", { light: "everything" }, "unknown-name");
  await said("show", { elsewhere: 1 }, "wrong-form");
  await said("open", `lightcone 1\n${"x".repeat(70_000)}`, "too-long");
  assert.match((await call(page, "state")).link, /#\/raft\/election/);
});

test("only the page around the figure is heard", async (t) => {
  const page = await host(t, `${figure()}<iframe title="Other" srcdoc="x"></iframe>`);
  await ready(page);
  await inside(page).locator("body").evaluate(() => {
    postMessage({ lightcone: 1, id: 1, call: "reset" }, "*");
    postMessage("text", "*");
  });
  await page.evaluate(() => {
    const frame = document.querySelector("light-cone").shadowRoot.querySelector("iframe").contentWindow;
    for (const said of [null, 7, "text", [], { lightcone: 2, id: 1, call: "state" }, { id: 1 }]) frame.postMessage(said, "*");
  });
  await becomes(async () => (await call(page, "state")).ignored, 8);
});

test("attributes that change later are followed without loading anew", async (t) => {
  const page = await host(t, figure('at="60"'));
  await ready(page);
  await set(page, "at", "90");
  await becomes(async () => (await call(page, "state")).cursor, 90);
  await set(page, "theme", "dark");
  await set(page, "paper", "#101820");
  const colours = () => inside(page).locator("html").evaluate((root) => [getComputedStyle(root).colorScheme, getComputedStyle(root).getPropertyValue("--paper")]);
  await becomes(colours, ["dark", "#101820"]);
  assert.equal((await call(page, "state")).cursor, 90);
  await set(page, "run", "lamport");
  await becomes(async () => (await call(page, "state")).link.includes("#/lamport"), true);
  await set(page, "at", "soon");
  await becomes(async () => (await heard(page, "error")).map(({ code }) => code), ["wrong-form"]);
  assert.equal((await heard(page, "ready")).length, 1);
});

test("a figure that a framework puts elsewhere goes on where its reader was", async (t) => {
  // A browser begins to load the frame where it is put, before the element hears of that.
  const page = await host(t, `<section></section>${figure()}`, { allow: [/ERR_ABORTED/] });
  await ready(page);
  await drag(page, inside(page).locator('[data-message="S1-S3-Vote-1"] .hit'), 60, 0);
  await becomes(async () => (await call(page, "state")).moves.length, 1);
  const { link } = await call(page, "state");
  await page.evaluate(() => document.querySelector("section").append(document.querySelector("light-cone")));
  await ready(page, 2);
  assert.equal((await call(page, "state")).link, link);
});

test("figures of one name share a cursor", async (t) => {
  const page = await host(t, figure('linked="a"') + figure('linked="a" theme="dark"'));
  await ready(page, 2);
  await inside(page).getByRole("button", { name: "Next event" }).click();
  const cursors = () => page.evaluate(() => Promise.all([...document.querySelectorAll("light-cone")].map(async (each) => (await each.state()).cursor)));
  await becomes(async () => {
    const [one, other] = await cursors();
    return one === other && one !== 82;
  }, true);
});

test("a figure that waits to be pressed loads no program, until it is asked something", async (t) => {
  const page = await host(t, figure('start="press"'));
  await inside(page).getByRole("button", { name: "Start the figure" }).waitFor();
  assert.equal((await heard(page, "ready")).length, 0);
  assert.equal((await call(page, "state")).cursor, 82);
});

test("a thousand figures that come and go leave nothing behind", async (t) => {
  const page = await host(t, "");
  const left = await page.evaluate(async () => {
    let listeners = 0;
    const [add, remove] = [addEventListener, removeEventListener];
    globalThis.addEventListener = function (name, what, options) {
      listeners += 1;
      options?.signal?.addEventListener("abort", () => (listeners -= 1));
      return add.call(this, name, what, options);
    };
    await customElements.whenDefined("light-cone");
    for (let count = 0; count < 1000; count += 1) {
      const figure = document.createElement("light-cone");
      figure.setAttribute("run", "raft/election");
      document.body.append(figure);
      figure.remove();
    }
    globalThis.addEventListener = add;
    return [listeners, document.querySelectorAll("light-cone").length, removeEventListener === remove];
  });
  assert.deepEqual(left, [0, 0, true]);
});

test("figures that are asked and taken away at once leave nothing behind", async (t) => {
  const page = await host(t, "", { allow: [/ERR_ABORTED/] });
  const codes = await page.evaluate(async () => {
    await customElements.whenDefined("light-cone");
    const asked = [];
    for (let count = 0; count < 100; count += 1) {
      const figure = document.createElement("light-cone");
      figure.setAttribute("run", "raft/election");
      document.body.append(figure);
      asked.push(figure.state().catch(({ code }) => code));
      figure.remove();
    }
    return [...new Set(await Promise.all(asked)), document.querySelectorAll("iframe").length, frames.length];
  });
  assert.deepEqual(codes, ["gone", 0, 0]);
});

test("without JavaScript there is what stands inside the element", async (t) => {
  const page = await host(t, figure(), { javaScriptEnabled: false });
  await page.getByRole("link", { name: "A leader election" }).waitFor();
});

test("on a phone it is as high as it needs to be, and no wider than the page", async (t) => {
  const page = await host(t, figure(), { size: NARROW, from: IN_PATH });
  await ready(page);
  const box = await page.locator("light-cone iframe").boundingBox();
  assert.ok(box.width <= NARROW.width && box.height >= 400, JSON.stringify(box));
  await shot(page, "element-narrow");
});

/** The same page from a server that sends no header for frames in a sandbox. */
async function bare(t) {
  const server = createServer(async (question, answer) => {
    const file = await fetch(new URL(question.url.slice(1), TOP));
    answer.writeHead(file.status, { "content-type": file.headers.get("content-type"), "content-security-policy": file.headers.get("content-security-policy") ?? "" });
    answer.end(Buffer.from(await file.arrayBuffer()));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

test("where the server sends no header for a sandbox, the figure says so and leads to a page of its own", async (t) => {
  const from = await bare(t);
  const frame = `<iframe title="A run" width="800" height="460" sandbox="allow-scripts" src="${from}#/embed/raft/election?at=82"></iframe>`;
  const page = await host(t, frame, { from, script: false, allow: [/CORS|Access-Control|ERR_FAILED|TypeError|preload|blocked/] });
  const said = page.frameLocator("iframe");
  await said.getByText("Access-Control-Allow-Origin: *").waitFor();
  const out = said.getByRole("link", { name: "Open this run in a page of its own" });
  assert.equal(await out.getAttribute("href"), `${from}#/raft/election?at=82`);
  await shot(page, "element-no-header");
});

const OWN = "lightcone 1\nprotocol raft 1\ntitle A run of my own\nset clients 0\nseed 7\nhorizon 300 ms\n";

test("a run can stand in the page as the text of a scenario, and nothing else is seen before it", async (t) => {
  const page = await host(t, "");
  const first = await page.evaluate(async (text) => {
    const figure = document.createElement("light-cone");
    figure.setAttribute("scenario", text);
    figure.setAttribute("at", "98.5");
    figure.innerHTML = "<p>My run</p>";
    document.querySelector("main").append(figure);
    figure.reset();
    return getComputedStyle(figure.shadowRoot.querySelector("iframe")).visibility;
  }, OWN);
  assert.equal(first, "hidden");
  await ready(page);
  const [{ link, cursor }] = await heard(page, "ready");
  assert.deepEqual([/#\/run\//.test(link), cursor], [true, 98.5]);
  assert.ok((await heard(page, "change")).every(({ link }) => /#\/run\//.test(link)), "no empty run is told of");
  await inside(page).getByRole("heading", { name: "A run of my own" }).waitFor();
  assert.equal(await page.locator("light-cone iframe").evaluate((frame) => getComputedStyle(frame).visibility), "visible");
  assert.equal(await page.getByText("My run").isVisible(), false);
});

test("a text that is no scenario is told of, and leaves the protocol's empty run", async (t) => {
  const page = await host(t, `<light-cone scenario="lightcone 1&#10;protocol raft 1&#10;nonsense">${LINK}</light-cone>`);
  await ready(page);
  assert.deepEqual((await heard(page, "error")).map(({ code }) => code), ["unknown-name"]);
  await inside(page).locator(".live svg.fig, svg.fig").first().waitFor();
});

test("moments are numbers or numbers as text, in calls and in attributes that change later", async (t) => {
  const page = await host(t, figure());
  await ready(page);
  const shown = await call(page, "show", { at: "52.416", from: "20", to: 120.5, select: "m3" });
  assert.deepEqual([shown.cursor, shown.selection], [52.416, "m3"]);
  assert.match(shown.link, /at=52.416&from=20&to=120.5&select=m3/);
  const link = async () => (await call(page, "state")).link.split("?")[1];
  for (const [name, value, said] of [
    ["at", "98", /^at=98&/],
    ["from", "30.25", /from=30.25&/],
    ["to", "150", /to=150&/],
    ["select", "e5", /select=e5/],
    ["light", "future", /light=future/],
    ["light", "why", /light=why/],
    ["light", null, /select=e5$/],
    ["at", null, /^at=98&/],
  ]) {
    await set(page, name, value);
    await becomes(async () => said.test(await link()), true);
  }
  await set(page, "select", null);
  await becomes(async () => (await call(page, "state")).selection, null);
  assert.deepEqual(await heard(page, "error"), []);
  for (const at of ["52,4", "1e3x", "", " "]) assert.equal((await call(page, "show", { at })).code, "wrong-form", at);
});

test("a figure that plays is not its reader's hand, and takes figures of its name along", async (t) => {
  const page = await host(t, figure('linked="a" at="60"') + figure('linked="a" at="60"'));
  await ready(page, 2);
  await inside(page).getByRole("button", { name: "Play" }).click();
  const plays = async () => (await heard(page, "change")).filter(({ playing }) => playing);
  await becomes(async () => (await plays()).length > 2, true);
  assert.ok((await plays()).every(({ byReader }) => !byReader));
  await inside(page).getByRole("button", { name: "Stop" }).click();
  const cursors = () => page.evaluate(() => Promise.all([...document.querySelectorAll("light-cone")].map(async (each) => (await each.state()).cursor)));
  await becomes(async () => {
    const [one, other] = await cursors();
    return one === other && one > 60;
  }, true);
  const before = (await heard(page, "change")).filter(({ byReader }) => byReader).length;
  await inside(page).getByRole("button", { name: "Next event" }).click();
  await becomes(async () => (await heard(page, "change")).filter(({ byReader }) => byReader).length, before + 1);
});

test("it is as high as its run needs, and follows the width of its place", async (t) => {
  const page = await host(t, figure());
  await ready(page);
  const height = () => page.locator("light-cone iframe").evaluate((frame) => frame.clientHeight);
  await becomes(height, 460);
  await call(page, "open", "lamport");
  await becomes(async () => (await height()) < 460, true);
  const low = await height();
  await page.setViewportSize(NARROW);
  await becomes(height, 660);
  await page.setViewportSize({ width: 1440, height: 900 });
  await becomes(height, low);
  await set(page, "height", "300");
  await becomes(height, 300);
  await set(page, "height", "20em");
  await becomes(height, 320);
  await set(page, "height", null);
  await becomes(height, low);
});

test("a learning platform around the page is told how high the page is, each time that changes", async (t) => {
  const inner = await host(t, `<h1>A course</h1>${figure("lti")}`);
  const page = await host(t, `<iframe title="Course" width="900" height="200" src="${inner.url()}"></iframe>`, { script: false, frames: inner.url() });
  const course = page.frameLocator("iframe").first();
  await course.locator("light-cone iframe").waitFor();
  const told = () => page.evaluate(() => platform.map((text) => JSON.parse(text)));
  await becomes(async () => (await told()).at(-1)?.height > 460, true);
  assert.ok((await told()).every(({ subject }) => subject === "lti.frameResize"));
  const before = (await told()).length;
  await course.locator("light-cone").evaluate((each) => each.setAttribute("height", "900"));
  await becomes(async () => (await told()).at(-1).height > 900, true);
  assert.equal((await told()).length, before + 1);
});

test("a framework may make it anew, reorder it, hide it and set its attributes one by one", async (t) => {
  const page = await host(t, `${figure('id="one"')}<hr>`, { allow: [/ERR_ABORTED/] });
  await ready(page);
  await page.evaluate(async () => {
    const main = document.querySelector("main");
    // React with another key: a new element, whose attributes come before it is in the page, or after.
    const fresh = document.createElement("light-cone");
    document.querySelector("light-cone").replaceWith(fresh);
    for (const [name, value] of Object.entries({ run: "lamport", at: "40", theme: "dark", edit: "no" })) fresh.setAttribute(name, value);
    // Vue's keyed lists: elsewhere and back in one go.
    main.append(fresh);
    main.prepend(fresh);
    fresh.hidden = true;
    await new Promise(requestAnimationFrame);
    fresh.hidden = false;
  });
  await ready(page, 2);
  const state = await call(page, "state");
  assert.deepEqual([/#\/lamport\?/.test(state.link), state.cursor], [true, 40]);
  assert.equal(await page.locator("light-cone iframe").count(), 1);
  assert.equal(await inside(page).locator("html").getAttribute("data-theme"), "dark");
  // A copy begins as the attributes say, without what was done in the other.
  await page.evaluate(() => document.querySelector("light-cone").after(document.querySelector("light-cone").cloneNode(true)));
  await ready(page, 3);
  assert.equal(await page.locator("light-cone iframe").count(), 2);
});

test("what was asked before a move is answered after it, and what is taken away is told so", async (t) => {
  const page = await host(t, `<section></section>${figure()}`, { allow: [/ERR_ABORTED/] });
  const [moved, gone] = await page.evaluate(async () => {
    await customElements.whenDefined("light-cone");
    const figure = document.querySelector("light-cone");
    const asked = figure.show({ at: 61 });
    document.querySelector("section").append(figure);
    const { cursor } = await asked;
    const left = figure.state();
    figure.remove();
    return [cursor, await left.catch(({ code }) => code)];
  });
  assert.deepEqual([moved, gone], [61, "gone"]);
});

test("a poster that is asked at once wakes, and one whose attributes change stays a picture", async (t) => {
  const page = await host(t, figure('start="press"'), { allow: [/ERR_ABORTED/] });
  await set(page, "at", "98");
  await set(page, "theme", "dark");
  await inside(page).getByRole("button", { name: "Start the figure" }).waitFor();
  assert.equal(await inside(page).locator("html").getAttribute("data-theme"), "dark");
  assert.deepEqual(await heard(page, "ready"), []);
  const other = await host(t, "");
  const cursor = await other.evaluate(async () => {
    const figure = document.createElement("light-cone");
    for (const [name, value] of Object.entries({ run: "raft/election", start: "press", at: "98" })) figure.setAttribute(name, value);
    document.querySelector("main").append(figure);
    return (await figure.state()).cursor;
  });
  assert.equal(cursor, 98);
});

/** Random numbers, the same on every machine. */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("whatever attributes and messages say, the figure lives, and says what it cannot do", async (t) => {
  const page = await host(t, figure());
  await ready(page);
  const values = ["", "yes", "no", "98", "-1", "1e999", "soon", "m3", "e99999", "future", "raft/nothing", "lamport", "#/run/x", "url(x)", "#123", "\u202e", "\0é", "x".repeat(5000), "lightcone 1", "lightcone 1\nprotocol paxos 1\n", "servers:5", "run:split-vote", "auto", "300"];
  const names = ["run", "link", "scenario", "at", "from", "to", "select", "light", "steps", "beside", "theme", "paper", "accent", "edit", "controls", "autoplay", "height", "start", "linked", "title", "lti"];
  for (const seed of [1, 2, 3]) {
    const next = chance(seed);
    const changes = Array.from({ length: 60 }, () => [names[next(names.length)], next(4) ? values[next(values.length)] : null]);
    await page.evaluate(async (changes) => {
      const figure = document.querySelector("light-cone");
      for (const [name, value] of changes) {
        if (value === null) figure.removeAttribute(name);
        else figure.setAttribute(name, value);
        await Promise.resolve();
      }
    }, changes);
    const state = await call(page, "state");
    assert.ok(state.link ?? state.code, JSON.stringify(state));
  }
  for (const { code, message } of await heard(page, "error")) assert.ok(/^[a-z-]+$/.test(code) && message.endsWith("."), `${code}: ${message}`);
  await page.evaluate(() => {
    const figure = document.querySelector("light-cone");
    for (const name of figure.getAttributeNames()) figure.removeAttribute(name);
    figure.setAttribute("run", "raft/election");
  });
  const again = await call(page, "reset");
  // It may play: autoplay was among what was said.
  assert.match(again.link ?? again.message, /#\/raft\/election(\?|$)/);
  const { ignored } = await call(page, "state");
  // Messages in any form: those of another form are counted, those of this form are answered.
  const next = chance(4);
  const parts = [1, 2, "1", null, true, -1, 0.5, 1e300, "show", "open", "state", "style", "reset", "wake", "gone", [], {}, "m3", "x".repeat(500)];
  const fields = ["lightcone", "id", "call", "at", "from", "link", "scenario", "select", "theme", "more"];
  const messages = Array.from({ length: 300 }, () => Object.fromEntries(Array.from({ length: next(5) }, () => [fields[next(fields.length)], parts[next(parts.length)]])));
  const foreign = messages.filter(({ lightcone }) => lightcone !== 1).length;
  assert.ok(foreign > 100 && foreign < 300, `${foreign} of another form`);
  await page.evaluate((messages) => {
    const frame = document.querySelector("light-cone").shadowRoot.querySelector("iframe").contentWindow;
    for (const message of messages) frame.postMessage(message, "*");
    // What has no JSON, or is a circle.
    const circle = { lightcone: 1, id: 7, call: "show" };
    circle.self = circle;
    for (const said of [circle, { lightcone: 1, id: 8, call: "show", at: 7n }, new Map(), new ArrayBuffer(8), 7, "text", undefined]) frame.postMessage(said, "*");
  }, messages);
  await becomes(async () => (await call(page, "state")).ignored, ignored + foreign + 5);
  await becomes(async () => (await call(page, "open", "raft/election")).link?.includes("#/raft/election"), true);
});
