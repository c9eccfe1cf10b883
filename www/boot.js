// Starts the application, or says in the page why it cannot start. Two places are there before the program, from files that are
// drawn when the page is built: the first page, and the poster of an embedded run of the gallery. The program comes once the reader
// touches something, or nothing else happens.
// It is no module: a frame in a sandbox gets no module from a server that sends no header for it, and this has to say so.
const script = document.querySelector("script[data-js]");
const address = (name) => new URL(script.dataset[name], document.baseURI);
const atHome = () => /^#?\/?(\?|$)/.test(location.hash);

const LOST = "A part of the page did not arrive or did not start. The link keeps the whole run; nothing is lost.";

const HEADER =
  "This figure stands in a sandbox, and its server does not send the header that files in a sandbox need: " +
  "Access-Control-Allow-Origin: *. Whoever keeps the server can add it.";
const FILE = "A browser does not let a page that is opened as a file load its program. Any web server can serve this folder.";

/** Why the program cannot be had here whatever is tried again; none if it may come another time. */
async function barred() {
  if (location.protocol === "file:") return FILE;
  const file = script.dataset.js && address("js");
  if (origin !== "null" || !file) return undefined;
  const there = (mode) => fetch(file, { mode }).then(() => true, () => false);
  return (await there("no-cors")) && !(await there("cors")) ? HEADER : undefined;
}

/** Says what bars the program, and leads to a page of its own. */
function sayBarred(sentence) {
  say("Lightcone did not load", sentence);
  const out = line("a", "Open this run in a page of its own");
  Object.assign(out, { href: location.href.replace("#/embed/", "#/"), target: "_blank", rel: "noopener" });
  const place = document.createElement("p");
  place.append(out);
  if (location.protocol !== "file:") document.querySelector("main").append(place);
}

// A frame in a sandbox may open no page; the page around it may do it for the reader.
addEventListener("click", ({ target }) => {
  const out = origin === "null" && parent !== self && target.closest?.("a[target=_blank]");
  if (out) parent.postMessage({ lightcone: 1, event: "leave", detail: { address: out.href } }, "*");
});

/** Puts a plain sentence where the application would be. */
function say(title, sentence, again) {
  const main = document.createElement("main");
  main.className = "cannot-start";
  main.append(line("h1", title), line("p", sentence), ...(again ? [reloads()] : []));
  document.body.replaceChildren(main);
}

/** Says above the first page why the program is not there. That page stays; wherever its links lead, the program is called again. */
function sayAbove(title, sentence, again) {
  const notice = document.createElement("section");
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  notice.append(line("h2", title), line("p", sentence));
  if (again) {
    const buttons = document.createElement("div");
    buttons.className = "btns";
    buttons.append(reloads("btn main"));
    notice.append(buttons);
  }
  document.body.prepend(notice);
  addEventListener("hashchange", () => location.reload());
}

/** Says under a poster why it stays a picture. */
function sayUnder(still, why, again) {
  const said = document.createElement("footer");
  said.className = "ef stays";
  const sentence = line("p", `${why} This is a picture of the run.`);
  sentence.setAttribute("role", "alert");
  said.append(sentence, ...(again ? [reloads()] : []));
  still.querySelector(".ef")?.remove();
  still.querySelector(".embed").append(said);
}

function reloads(look = "") {
  const button = line("button", "Try again");
  button.className = look;
  button.type = "button";
  button.addEventListener("click", () => location.reload());
  return button;
}

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** Gives the text of a file. */
async function textOf(file) {
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer.text();
}

let contents;
/** Puts the first page into the document and gives it; or only fetches its file ahead. */
async function first(ahead) {
  contents ??= textOf(address("contents")).catch((error) => {
    contents = undefined;
    throw error;
  });
  const [text] = await Promise.all([contents, dressed()]);
  if (ahead) return undefined;
  document.body.insertAdjacentHTML("beforeend", text);
  return document.body.lastElementChild;
}

/** The poster of the address, once it stands in the page: if it is a run of the gallery as it is, wherever the reader looks in it. */
async function poster() {
  const [, run, options] = /^#\/embed\/((?!run\/)[a-z0-9-]+\/[a-z0-9-]+)\/?(?:\?(.*))?$/.exec(location.hash) ?? [];
  const option = new URLSearchParams(options);
  if (!run || !script.dataset.posters || option.has("beside") || option.has("steps")) return undefined;
  const box = innerWidth >= 600 ? "wide" : innerHeight < 660 ? "narrow" : "tall";
  const text = await textOf(`${address("posters")}${run}-${box}.html`).catch(() => "");
  if (!text.startsWith('<div class="embed">')) return undefined;
  const still = document.createElement("div");
  still.className = "still";
  still.innerHTML = text;
  const is = (name) => ["yes", "true", "1"].includes(option.get(name));
  if (option.has("controls") && !is("controls")) still.querySelector(".ef").remove();
  if (!is("poster")) still.querySelector(".poster").remove();
  if (["light", "dark"].includes(option.get("theme"))) document.documentElement.dataset.theme = option.get("theme");
  for (const [name, part] of [["paper", "--paper"], ["accent", "--hand"]]) {
    const [, digits] = /^#?([\da-f]{6}|[\da-f]{3})$/i.exec(option.get(name)) ?? [];
    if (digits) document.documentElement.style.setProperty(part, `#${digits}`);
  }
  // Beside the body: the program takes all that is in there away.
  document.documentElement.append(still);
  // In a box of the size for which it was drawn, the lane of the cursor can be seen.
  for (const figure of still.querySelectorAll("[data-scrolled]")) figure.parentNode.scrollTo(...figure.dataset.scrolled.split(","));
  return still;
}

/** Waits until the reader does something at the first page, or nothing else happens. */
function called() {
  return new Promise((go) => {
    for (const name of ["pointerover", "pointerdown", "keydown", "focusin", "dragenter", "hashchange"]) {
      addEventListener(name, go, { once: true });
    }
    idle(go);
  });
}

// The page around this one asks something of the figure, perhaps before the poster is there.
const spoken = new Promise((go) => {
  addEventListener("message", ({ source, data }) => source === parent && parent !== self && data?.lightcone === 1 && go());
});

/** Waits until the reader is at the poster, or it is near the window and nothing else happens. */
function wanted(still) {
  return new Promise((go) => {
    for (const name of ["pointerover", "pointerdown", "focusin"]) still.addEventListener(name, go, { once: true });
    spoken.then(go);
    if (still.querySelector(".poster")) return;
    const near = (all) => {
      if (!all.some((each) => each.isIntersecting)) return;
      sight.disconnect();
      // The poster's own letters first.
      document.fonts.ready.then(() => idle(go));
    };
    const sight = new IntersectionObserver(near, { rootMargin: "50%" });
    sight.observe(still);
  });
}

function idle(go) {
  if (globalThis.requestIdleCallback) requestIdleCallback(go);
  else setTimeout(go, 1000);
}

/**
 * What is seen until the program is there: the first page at its own address; at any other grey lines where the lanes will be, once
 * waiting can be noticed. Gives what ends that.
 */
function waiting(page) {
  const status = document.createElement("div");
  status.className = "loading";
  status.setAttribute("role", "status");
  status.append(...Array.from({ length: 3 }, () => document.createElement("i")), line("p", "Working out the run."));
  const follow = () => {
    status.hidden = page !== undefined && atHome();
    if (!atHome()) page?.remove();
    else if (page && !page.isConnected) document.body.append(page);
  };
  follow();
  addEventListener("hashchange", follow);
  const timer = setTimeout(() => document.body.append(status), 300);
  return () => {
    removeEventListener("hashchange", follow);
    clearTimeout(timer);
    status.remove();
  };
}

/** Takes the poster away once the live figure stands under it. What the reader pressed there is pressed, and the focus stays. */
function givesWay(still) {
  const like = (one) =>
    one && [...document.body.querySelectorAll(one.tagName)].find(
      (other) => other.classList[0] === one.classList[0] && other.ariaLabel === one.ariaLabel,
    );
  let pressed;
  still.addEventListener("click", ({ target }) => (pressed = target.closest("button") ?? pressed));
  return () => {
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true });
    look();
    function look() {
      if (!document.body.querySelector("svg.fig, [role=alert], .said-page") || document.body.querySelector(".ef:empty")) return;
      watch.disconnect();
      requestAnimationFrame(() => {
        const focused = still.contains(document.activeElement) && document.activeElement;
        still.remove();
        if (focused) like(focused)?.focus({ preventScroll: true });
        like(pressed)?.click();
      });
    }
  };
}

/** Begins to fetch the program, and what this address needs besides, so that they arrive together. Settles when it has arrived. */
function fetchEarly(hash) {
  const parts = JSON.parse(script.dataset.parts ?? "{}");
  const [, challenge, name = ""] = /^#\/(?:embed\/)?(challenge\/)?([^/?]*)/.exec(hash) ?? [];
  const needed = parts[name === "" ? "home" : name];
  const { js, wasm } = script.dataset;
  for (const file of parts.loader ? [js, parts.loader] : []) ahead({ rel: "modulepreload", href: file });
  const embedded = hash.startsWith("#/embed/");
  const first = [wasm, ...(needed ? [parts.shared, needed] : []), ...(embedded && parts.bar ? [parts.bar] : [])].map(bytes);
  const whole = Promise.all(first);
  // A challenge begins with what reads it, which needs what stands around a figure.
  const then = challenge ? [parts.around, parts.question].filter(Boolean) : [];
  whole.then(() => then.forEach(bytes), () => {});
  // Only a poster waits for them.
  whole.catch(() => {});
  return whole;
}

/** Begins to fetch what stands around a run, once the figure has all that it needs: it may not be held up. */
function fetchAround(hash) {
  const parts = JSON.parse(script.dataset.parts ?? "{}");
  const name = /^#\/([^/?]+)/.exec(hash)?.[1];
  if (parts.around && (name === "run" || parts[name])) bytes(parts.around);
}

function bytes(file) {
  return ahead({ rel: "preload", as: "fetch", crossOrigin: "anonymous", href: file });
}

/** Fetches a file ahead, once. */
const asked = new Map();
function ahead(what) {
  const link = Object.assign(document.createElement("link"), what);
  if (!asked.has(what.href)) asked.set(what.href, arrives(link, () => document.head.append(link)));
  return asked.get(what.href);
}

/** The style sheet that a poster does without. */
let sheet;
function dressed() {
  const link = document.querySelector("link[rel=stylesheet][disabled]");
  sheet ??= link && arrives(link, () => (link.disabled = false));
  return sheet;
}

function arrives(link, begin) {
  const arrived = new Promise((yes, no) => {
    link.addEventListener("load", yes);
    link.addEventListener("error", () => no(new Error(link.href)));
    begin();
  });
  // Who needs it hears of it; for others the page asks again later.
  arrived.catch(() => {});
  return arrived;
}

async function start() {
  const still = await poster();
  if (document.readyState === "loading") await new Promise((go) => addEventListener("DOMContentLoaded", go, { once: true }));
  let page;
  const cannot = (title, sentence, again) => {
    if (still) sayUnder(still, `${title}.`, again);
    else if (page && atHome()) sayAbove(title, sentence, again);
    else say(title, sentence, again);
  };
  let done = () => {};
  try {
    if (atHome() && script.dataset.contents) page = await first();
    if (typeof WebAssembly !== "object") {
      return cannot(
        "This browser cannot run Lightcone",
        "WebAssembly is switched off here, or the browser is too old for it. Another browser, or another setting, runs this page.",
      );
    }
    done = still ? givesWay(still) : waiting(page);
    if (still) await wanted(still);
    if (page) await called();
    // The live figure of the first page needs what the run needs to which its own link leads.
    if (page && atHome()) fetchEarly(page.querySelector(".herofig a").hash);
    const whole = fetchEarly(location.hash);
    // A poster stays if anything is missing. Without one, the program starts and says what is.
    const [glue] = await Promise.all([import(address("js")), dressed(), still && whole]);
    await glue.default({ module_or_path: address("wasm") });
    fetchAround(location.hash);
    glue.show(first);
    done();
  } catch (error) {
    const bar = await barred();
    console.error(error);
    if (!still) done();
    if (bar) return sayBarred(bar);
    cannot("Lightcone did not load", LOST, true);
  }
}

start();
