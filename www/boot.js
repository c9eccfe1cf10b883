// Starts the application, or says in the page why it cannot start. An embedded run of the gallery is a picture first: its poster
// stands in the page at once, and the program comes when the reader is near and nothing else happens.
const script = document.querySelector("script[data-js]");
const address = (name) => new URL(script.dataset[name], document.baseURI);

/** Puts a plain sentence where the application would be. */
function say(title, sentence, again) {
  const main = document.createElement("main");
  main.className = "cannot-start";
  main.append(line("h1", title), line("p", sentence));
  if (again) main.append(tryAgain());
  document.body.replaceChildren(main);
}

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function tryAgain() {
  const button = line("button", "Try again");
  button.type = "button";
  button.addEventListener("click", () => location.reload());
  return button;
}

/** Grey lines where the lanes will be, once waiting can be noticed; gives what takes them away. */
function waiting() {
  const status = document.createElement("div");
  status.className = "loading";
  status.setAttribute("role", "status");
  status.append(...Array.from({ length: 3 }, () => document.createElement("i")), line("p", "Working out the run."));
  const timer = setTimeout(() => document.body.append(status), 300);
  return () => {
    clearTimeout(timer);
    status.remove();
  };
}

/** Begins to fetch the program and what the address needs besides. Gives the page's other style sheet and the parts, as they arrive. */
function fetchEarly() {
  const parts = JSON.parse(script.dataset.parts ?? "{}");
  const name = /^#\/(?:embed\/)?([^/?]*)/.exec(location.hash)?.[1] ?? "";
  const needed = parts[name === "" ? "home" : name];
  const { js, wasm } = script.dataset;
  for (const file of parts.loader ? [js, parts.loader] : []) fetched({ rel: "modulepreload", href: file });
  preloaded(wasm);
  const both = needed ? [parts.shared, needed] : [];
  const sheet = document.querySelector("link[rel=stylesheet][disabled]");
  return {
    dressed: sheet && arrives(sheet, () => (sheet.disabled = false)),
    whole: Promise.all(both.map(preloaded)),
  };
}

const preloaded = (file) => fetched({ rel: "preload", as: "fetch", crossOrigin: "anonymous", href: file });

function fetched(what) {
  const link = Object.assign(document.createElement("link"), what);
  return arrives(link, () => document.head.append(link));
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

/** The poster of the address, once it stands in the page: if it is a run of the gallery as it is, wherever the reader looks in it. */
async function poster() {
  const [, run, options] = /^#\/embed\/((?!run\/)[a-z0-9-]+\/[a-z0-9-]+)\/?(?:\?(.*))?$/.exec(location.hash) ?? [];
  const option = new URLSearchParams(options);
  if (!run || !script.dataset.posters || option.has("beside") || option.has("steps")) return undefined;
  const box = innerWidth >= 600 ? "wide" : innerHeight < 660 ? "narrow" : "tall";
  const text = await fetch(`${address("posters")}${run}-${box}.html`).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  if (!text.startsWith('<div class="embed">')) return undefined;
  const still = document.createElement("div");
  still.className = "still";
  still.innerHTML = text;
  const is = (name) => ["yes", "true", "1"].includes(option.get(name));
  if (option.has("controls") && !is("controls")) still.querySelector(".ef").remove();
  if (!is("poster")) still.querySelector(".poster").remove();
  if (["light", "dark"].includes(option.get("theme"))) document.documentElement.dataset.theme = option.get("theme");
  // Beside the body: the program takes all that is in there away.
  document.documentElement.append(still);
  // In a box of the size for which it was drawn, the lane of the cursor can be seen.
  for (const figure of still.querySelectorAll("[data-scrolled]")) figure.parentNode.scrollTo(...figure.dataset.scrolled.split(","));
  return still;
}

/** Settles when the poster's program is wanted: the reader is at it, or it is near the window and nothing else happens. */
function wanted(still) {
  return new Promise((go) => {
    for (const at of ["pointerover", "pointerdown", "focusin"]) still.addEventListener(at, go, { once: true });
    if (still.querySelector(".poster")) return;
    const sight = new IntersectionObserver((all) => all.some((each) => each.isIntersecting) && idle(), { rootMargin: "50%" });
    const idle = () => {
      sight.disconnect();
      // The poster's own letters first.
      document.fonts.ready.then(() => (globalThis.requestIdleCallback ?? setTimeout)(go));
    };
    sight.observe(still);
  });
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
      if (!document.body.querySelector("svg.fig, [role=alert], .said-page")) return;
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

/** Says under the poster why it stays a picture. */
function stays(still, why, again) {
  const said = document.createElement("footer");
  said.className = "ef stays";
  const sentence = line("p", `${why} This is a picture of the run.`);
  sentence.setAttribute("role", "alert");
  said.append(sentence, ...(again ? [tryAgain()] : []));
  still.querySelector(".ef")?.remove();
  still.querySelector(".embed").append(said);
}

async function start() {
  const still = await poster();
  if (document.readyState === "loading") await new Promise((go) => addEventListener("DOMContentLoaded", go, { once: true }));
  const cannot = (title, sentence, again) => (still ? stays(still, `${title}.`, again) : say(title, sentence, again));
  if (typeof WebAssembly !== "object") {
    return cannot(
      "This browser cannot run Lightcone",
      "WebAssembly is switched off here, or the browser is too old for it. Another browser, or another setting, runs this page.",
    );
  }
  const done = still ? givesWay(still) : waiting();
  if (still) await wanted(still);
  try {
    const { dressed, whole } = fetchEarly();
    // A poster stays if anything is missing. Without one, the program starts and says what is.
    const [glue] = await Promise.all([import(address("js")), dressed, still && whole]);
    await glue.default({ module_or_path: address("wasm") });
    done();
  } catch (error) {
    console.error(error);
    if (!still) done();
    cannot("Lightcone did not load", "A part of the page did not arrive or did not start. The link keeps the whole run; nothing is lost.", true);
  }
}

await start();
