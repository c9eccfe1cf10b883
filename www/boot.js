// Starts the application, or says in the page why it cannot start. The first page stands in a file: it is shown before the program
// comes, and the program is called once the reader touches something, or nothing else happens.
const script = document.querySelector("script[data-js]");
const address = (name) => new URL(script.dataset[name], document.baseURI);
const atHome = () => /^#?\/?(\?|$)/.test(location.hash);

const LOST = "A part of the page did not arrive or did not start. The link keeps the whole run; nothing is lost.";

/** Puts a plain sentence where the application would be. */
function say(title, sentence, again) {
  const main = document.createElement("main");
  main.className = "cannot-start";
  main.append(line("h1", title), line("p", sentence));
  if (again) main.append(reloads());
  document.body.replaceChildren(main);
}

/** Says above the first page that the program did not come. That page stays; wherever its links lead, the program is called again. */
function sayAbove(title, sentence) {
  const notice = document.createElement("section");
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  const buttons = document.createElement("div");
  buttons.className = "btns";
  buttons.append(reloads("btn main"));
  notice.append(line("h2", title), line("p", sentence), buttons);
  document.body.prepend(notice);
  addEventListener("hashchange", () => location.reload());
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

let contents;
/** Puts the first page into the document and gives it; or only fetches its file ahead. */
async function first(ahead) {
  contents ??= fetched(address("contents")).catch((error) => {
    contents = undefined;
    throw error;
  });
  const text = await contents;
  if (ahead) return undefined;
  document.body.insertAdjacentHTML("beforeend", text);
  return document.body.lastElementChild;
}

async function fetched(file) {
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer.text();
}

/** Waits until the reader does something, or nothing else happens. */
function called() {
  return new Promise((go) => {
    for (const name of ["pointerover", "pointerdown", "keydown", "focusin", "dragenter", "hashchange"]) {
      addEventListener(name, go, { once: true });
    }
    if (globalThis.requestIdleCallback) requestIdleCallback(go);
    else setTimeout(go, 1000);
  });
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

/** Begins to fetch the program, and what this address needs besides, so that they arrive together. */
function fetchEarly(hash) {
  const parts = JSON.parse(script.dataset.parts ?? "{}");
  const name = /^#\/(?:embed\/)?([^/?]*)/.exec(hash)?.[1] ?? "";
  const needed = parts[name === "" ? "home" : name];
  preload("modulepreload", script.dataset.js, parts.loader);
  preload("preload", script.dataset.wasm, ...(needed ? [parts.shared, needed] : []));
}

const asked = new Set();
function preload(rel, ...files) {
  for (const file of files) {
    if (!file || asked.has(file)) continue;
    asked.add(file);
    const link = document.createElement("link");
    Object.assign(link, { rel, crossOrigin: "anonymous", href: file });
    if (rel === "preload") link.as = "fetch";
    document.head.append(link);
  }
}

async function start() {
  if (typeof WebAssembly !== "object") {
    say(
      "This browser cannot run Lightcone",
      "WebAssembly is switched off here, or the browser is too old for it. Another browser, or another setting, runs this page.",
    );
    return;
  }
  let page;
  let done = () => {};
  try {
    if (atHome() && script.dataset.contents) page = await first();
    done = waiting(page);
    if (page) await called();
    // Its live figure needs what the run needs to which its own link leads.
    if (page && atHome()) fetchEarly(page.querySelector(".herofig a").hash);
    fetchEarly(location.hash);
    const glue = await import(address("js"));
    await glue.default({ module_or_path: address("wasm") });
    done();
    glue.show(first);
  } catch (error) {
    console.error(error);
    done();
    if (page && atHome()) sayAbove("Lightcone did not load", LOST);
    else say("Lightcone did not load", LOST, true);
  }
}

await start();
