// The element <light-cone> in a page of somebody else's, on another origin, whose own policy is strict.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { IN_PATH, NARROW, TOP, becomes, blank, drag, shot } from "../lightcone.mjs";

const LINK = '<a href="https://example.org/#/raft/election">A leader election</a>';
const figure = (more = "", inside = LINK) => `<light-cone run="raft/election" ${more}>${inside}</light-cone>`;

/** A host page, on a port of its own, that lets in only what it needs of Lightcone. */
async function host(t, body, { from = TOP, script = true, size, allow, ...options } = {}) {
  const home = new URL(from).origin;
  const policy = `default-src 'none'; script-src 'self' ${home}; frame-src ${home}; img-src data:`;
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
    for (const name of ["ready", "change", "verdict", "select", "error"]) {
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
  const set = (name, value) => page.evaluate(([name, value]) => document.querySelector("light-cone").setAttribute(name, value), [name, value]);
  await set("at", "90");
  await becomes(async () => (await call(page, "state")).cursor, 90);
  await set("theme", "dark");
  await set("paper", "#101820");
  const colours = () => inside(page).locator("html").evaluate((root) => [getComputedStyle(root).colorScheme, getComputedStyle(root).getPropertyValue("--paper")]);
  await becomes(colours, ["dark", "#101820"]);
  assert.equal((await call(page, "state")).cursor, 90);
  await set("run", "lamport");
  await becomes(async () => (await call(page, "state")).link.includes("#/lamport"), true);
  await set("at", "soon");
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

test("a run can stand in the page as the text of a scenario", async (t) => {
  const page = await host(t, "");
  await page.evaluate(() => {
    const figure = document.createElement("light-cone");
    figure.setAttribute("scenario", "lightcone 1\nprotocol raft 1\ntitle A run of my own\nset clients 0\nseed 7\nhorizon 300 ms\n");
    document.querySelector("main").append(figure);
  });
  await inside(page).getByRole("heading", { name: "A run of my own" }).waitFor();
  await becomes(async () => /#\/run\//.test((await call(page, "reset")).link), true);
});
