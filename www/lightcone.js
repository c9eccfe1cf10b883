// The element <light-cone>: a living figure of a run in any page. One file, nothing else is needed:
//
//   <script type="module" src="https://your.host/lightcone/lightcone.js"></script>
//   <light-cone run="raft/election" at="82"><a href="https://your.host/lightcone/#/raft/election">A leader election</a></light-cone>
//
// The figure is a frame in a sandbox, from the folder that this file is in. It touches neither the page around it nor the page's
// storage; both speak in messages (api/schema/call.json, said.json). What stands inside the element is seen until the frame is there,
// and where there is no JavaScript.
const HOME = new URL("./", import.meta.url).href.split(/[?#]/)[0];
const VERSION = 1;
// Milliseconds for an answer: the program may have to come first.
const PATIENCE = 30_000;
// Below this width, time runs down, and the figure wants to be high.
const NARROW = 560;
const LOOKS = ["at", "from", "to", "select", "light", "steps", "beside"];
const TIMES = ["at", "from", "to", "steps"];
const WAYS = ["theme", "paper", "accent", "edit", "controls", "autoplay"];
const RUNS = ["run", "link", "scenario"];
const OTHERS = ["height", "start", "linked", "title", "lti"];

// All figures of the page that share a cursor, by the name they share.
const figures = new Set();

/** An error as the frame says it. */
const failed = (code, message) => Object.assign(new Error(message), { code });

/** What stands behind `#/` in an address of Lightcone; a link's code alone, or a run's name. */
function place(link) {
  const inside = String(link).trim().replace(/^[^#]*#\/(embed\/)?/, "").replace(/^\/+/, "");
  // A code has capital letters, and a protocol's name has none.
  return /^[^/?]*[A-Z_]/.test(inside) ? `run/${inside}` : inside;
}

class LightCone extends HTMLElement {
  static observedAttributes = [...RUNS, ...LOOKS, ...WAYS, ...OTHERS];

  #frame;
  #stop;
  #ready = false;
  #waits = new Map();
  #queue = [];
  #number = 0;
  // The address of what is shown, since something was said of it: a frame that is put elsewhere begins anew.
  #kept;
  // An own text that no address can name.
  #text;
  #changed = new Set();

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(":host{display:block}:host([hidden]){display:none}iframe{display:block;width:100%;border:0;color-scheme:normal}");
      this.shadowRoot.adoptedStyleSheets = [sheet];
    }
    figures.add(this);
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    addEventListener("message", (event) => this.#hear(event), { signal });
    const near = new IntersectionObserver((all) => all.some((each) => each.isIntersecting) && this.#load(), { rootMargin: "50%" });
    near.observe(this);
    signal.addEventListener("abort", () => near.disconnect());
  }

  disconnectedCallback() {
    figures.delete(this);
    this.#stop?.abort();
    this.#frame?.remove();
    this.#frame = undefined;
    this.#ready = false;
    // A framework puts an element elsewhere in one go: what was asked goes on in the new frame.
    queueMicrotask(() => {
      if (this.isConnected) return;
      for (const { no } of this.#waits.values()) no(failed("gone", "The figure was taken out of the page."));
      this.#queue = [];
    });
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#frame || before === after) return;
    if (!this.#changed.size) queueMicrotask(() => this.#follow());
    this.#changed.add(name);
  }

  /** Looks elsewhere in the run: `{at, from, to, select, light}`. */
  show(look) {
    return this.#call("show", look);
  }

  /** Opens another run: a link, a name such as "raft/election", or the text of a scenario. */
  open(run) {
    const text = String(run);
    return this.#call("open", /^\s*lightcone \d/.test(text) ? { scenario: text } : { link: text });
  }

  /** The run as the element's attributes say it. */
  reset() {
    this.#kept = undefined;
    return this.#call("open", this.#first());
  }

  /** Gives `{link, moves, verdicts, cursor, selection}`. */
  state() {
    return this.#call("state", {});
  }

  /** What the attributes say of the run. */
  #first() {
    const scenario = this.getAttribute("scenario");
    return scenario === null ? { link: this.#address() } : { scenario, ...this.#said(LOOKS) };
  }

  #said(names) {
    return Object.fromEntries(names.filter((name) => this.hasAttribute(name)).map((name) => [name, this.#value(name)]));
  }

  /** An attribute's value. Without one it is a yes. */
  #value(name) {
    const value = this.getAttribute(name);
    if (TIMES.includes(name) && value !== "" && Number.isFinite(+value)) return +value;
    return value === "" && WAYS.includes(name) ? "yes" : value;
  }

  /** The address, behind `#/embed/`, of what the attributes say. */
  #address(ways) {
    const scenario = this.getAttribute("scenario");
    const named = scenario === null ? place(this.getAttribute("link") ?? this.getAttribute("run") ?? "") : /^protocol ([a-z0-9-]+)/m.exec(scenario)?.[1];
    const [run, options] = (named ?? "").split("?");
    const all = new URLSearchParams(options);
    for (const [name, value] of Object.entries(this.#said(LOOKS))) all.set(name, value);
    return `${run}?${this.#options(all, ways)}`;
  }

  #options(all, ways) {
    for (const [name, value] of Object.entries(ways ?? {})) all.set(name, value);
    return [...all].map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%(2C|3A)/g, decodeURIComponent)}`).join("&");
  }

  #load() {
    if (this.#frame) return;
    const ways = this.#said(WAYS);
    if (this.getAttribute("start") === "press" && !this.#kept) ways.poster = "yes";
    const [run, options] = (this.#kept ?? this.#address()).split("?");
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.allow = "clipboard-write; fullscreen";
    frame.src = `${HOME}#/embed/${run}?${this.#options(new URLSearchParams(options), ways)}`;
    this.#frame = frame;
    this.#dress();
    this.shadowRoot.append(frame);
    this.shadowRoot.querySelector("slot").hidden = true;
    if (!this.#kept && this.hasAttribute("scenario")) this.#queue.unshift(this.#message(0, "open", this.#first()));
  }

  /** Title and height. */
  #dress(height) {
    const own = this.getAttribute("height");
    this.#frame.title = this.title || this.textContent.trim() || `Lightcone: ${this.getAttribute("run") ?? "a run"}`;
    if (own ?? height) this.#frame.style.height = /^\d+$/.test(own ?? height) ? `${own ?? height}px` : own;
    else this.#frame.style.height ||= this.clientWidth < NARROW ? "660px" : "460px";
    if (this.hasAttribute("lti") && parent !== window) {
      const height = document.documentElement.scrollHeight;
      parent.postMessage(JSON.stringify({ subject: "lti.frameResize", height }), "*");
    }
  }

  /** Tells the frame which attributes are others now. */
  #follow() {
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!this.#frame) return;
    this.#dress();
    const has = (names) => changed.filter((name) => names.includes(name));
    const quiet = (promise) => promise.catch(({ code, message }) => this.#emit("error", { code, message }));
    if (has(RUNS).length) quiet(this.reset());
    else if (has(LOOKS).length) quiet(this.show(this.#said(has(LOOKS))));
    if (has(WAYS).length) quiet(this.#call("style", Object.fromEntries(has(WAYS).map((name) => [name, this.#value(name) ?? ""]))));
  }

  #message(id, call, said) {
    return { lightcone: VERSION, id, call, ...said };
  }

  #call(call, said) {
    return new Promise((yes, no) => {
      if (!this.isConnected) return no(failed("gone", "The figure is not in the page."));
      const id = ++this.#number;
      const late = () => no(failed("no-answer", "The figure did not answer. Its server may not send what a frame in a sandbox needs."));
      const timer = setTimeout(() => this.#settle(id, late), PATIENCE);
      this.#waits.set(id, { yes, no, timer });
      this.#load();
      const message = this.#message(id, call, said);
      if (this.#ready) return this.#post(message);
      this.#queue.push(message);
      // A poster that hears it fetches its program.
      this.#post(this.#message(0, "wake"));
    });
  }

  #post(message) {
    this.#frame?.contentWindow?.postMessage(message, "*");
  }

  #settle(id, how) {
    const wait = this.#waits.get(id);
    if (!wait) return;
    clearTimeout(wait.timer);
    this.#waits.delete(id);
    how(wait);
  }

  #hear({ source, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || data?.lightcone !== VERSION) return;
    const { id, result, error, event, detail } = data;
    if (error && !this.#waits.has(id)) this.#emit("error", error);
    else if (error) this.#settle(id, ({ no }) => no(failed(error.code, error.message)));
    else if (id) this.#settle(id, ({ yes }) => yes(result));
    else if (event === "height") this.clientWidth < NARROW || this.#dress(String(Number(detail.height) || ""));
    else if (event === "leave") this.#leave(detail.address);
    else if (["ready", "change", "verdict", "select", "error"].includes(event)) {
      if (event === "ready") {
        this.#ready = true;
        this.#queue.splice(0).forEach((message) => this.#post(message));
      }
      if (event === "change") this.#share(detail);
      this.#emit(event, event === "error" ? detail.error : detail);
    }
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  /** Keeps the address, and takes all figures of the same name to the same moment. */
  #share({ link, cursor, byReader }) {
    if (link) this.#kept = place(link);
    const name = this.getAttribute("linked");
    if (!byReader || !name) return;
    for (const other of figures) {
      if (other !== this && other.getAttribute("linked") === name && other.#ready) other.#post(other.#message(0, "show", { at: cursor }));
    }
  }

  /** A frame in a sandbox may open no page: the reader's own click in it does it here, for Lightcone's own addresses only. */
  #leave(address) {
    if (String(address).startsWith(`${HOME}#/`) || String(address).startsWith(`${HOME}index.html#/`)) open(address, "_blank", "noopener");
  }
}

if (!customElements.get("light-cone")) customElements.define("light-cone", LightCone);
