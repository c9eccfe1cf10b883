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
// What an attribute says that is taken away: nothing is selected, the run stands alone.
const AWAY = { select: "", light: "past", beside: "no" };

// All figures of the page, some of which share a cursor.
const figures = new Set();
// The height of the page that the learning platform around it was told last.
let told;

/** An error as the frame says it. */
const failed = (code, message) => Object.assign(new Error(message), { code });

/** Numbers of milliseconds may come as texts: those of attributes always do. */
const worth = (name, value) => (TIMES.includes(name) && typeof value === "string" && value.trim() && Number.isFinite(+value) ? +value : value);

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
  // What was asked and is not answered, by number. A frame that is made anew is asked again.
  #waits = new Map();
  #number = 0;
  // The address of what is shown, since something was said of it: a frame that is put elsewhere begins anew.
  #kept;
  #changed = new Set();
  // The height that the figure would like to have.
  #wish;
  // Whether the frame shows what nobody asked for, and is not seen yet.
  #hides = false;

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
    const size = new ResizeObserver(() => this.#dress());
    size.observe(this);
    signal.addEventListener("abort", () => [near, size].forEach((each) => each.disconnect()));
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
      const gone = ({ no }) => no(failed("gone", "The figure was taken out of the page."));
      for (const id of [...this.#waits.keys()]) this.#settle(id, gone);
    });
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#frame || before === after) return;
    if (!this.#changed.size) queueMicrotask(() => this.#follow());
    this.#changed.add(name);
  }

  /** Looks elsewhere in the run: `{at, from, to, select, light}`. */
  show(look) {
    return this.#call("show", Object.fromEntries(Object.entries(look ?? {}).map(([name, value]) => [name, worth(name, value)])));
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
    const value = this.getAttribute(name) ?? AWAY[name] ?? "";
    return value === "" && WAYS.includes(name) && this.hasAttribute(name) ? "yes" : worth(name, value);
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
    // A poster that hears it fetches its program.
    frame.addEventListener("load", () => this.#waits.size && this.#wake());
    this.shadowRoot.append(frame);
    this.#dress();
    // A text of the host's begins with an empty run, which nobody has to see.
    this.#reveal(this.#kept !== undefined || !this.hasAttribute("scenario"));
  }

  #reveal(yes) {
    this.#hides = !yes;
    if (this.#frame) this.#frame.style.visibility = yes ? "" : "hidden";
    this.shadowRoot.querySelector("slot").style.cssText = yes ? "display:none" : "display:block;position:absolute";
  }

  /** The frame can be asked: first for the host's text, if there is one. */
  async #begin(detail) {
    this.#ready = true;
    const waits = [...this.#waits.values()];
    const opens = this.#hides && this.#quietly(this.#call("open", this.#first()));
    waits.forEach(({ message }) => this.#post(message));
    const seen = await opens;
    if (opens) this.#reveal(true);
    if (seen) this.#kept = place(seen.link);
    const { link, cursor, selection } = seen || detail;
    this.#emit("ready", { link, cursor, selection });
  }

  /** Title and height. What is not shown has none. */
  #dress() {
    if (!this.#frame || !this.clientWidth) return;
    this.#frame.title = this.title || this.textContent.trim() || `Lightcone: ${this.getAttribute("run") ?? "a run"}`;
    const height = this.getAttribute("height") ?? (this.clientWidth < NARROW ? 660 : this.#wish || 460);
    this.#frame.style.height = /^\d+$/.test(height) ? `${height}px` : height;
    if (this.hasAttribute("lti") && parent !== window) {
      const height = document.documentElement.scrollHeight;
      if (height !== told) parent.postMessage(JSON.stringify({ subject: "lti.frameResize", height: (told = height) }), "*");
    }
  }

  /** Tells the frame which attributes are others now. */
  #follow() {
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!this.#frame) return;
    this.#dress();
    const of = (names) => changed.filter((name) => names.includes(name));
    const values = (names) => Object.fromEntries(names.map((name) => [name, this.#value(name)]));
    const [runs, ways] = [of(RUNS), of(WAYS)];
    // A moment that is named no more stays as it is.
    const looks = of(LOOKS).filter((name) => this.hasAttribute(name) || name in AWAY);
    // A picture that waits to be pressed stays one.
    if (this.getAttribute("start") === "press" && !this.#ready && !this.#waits.size && runs.length + looks.length + ways.length) {
      this.#frame.remove();
      this.#frame = undefined;
      return this.#load();
    }
    if (runs.length) this.#quietly(this.reset());
    else if (looks.length) this.#quietly(this.show(values(looks)));
    if (ways.length) this.#quietly(this.#call("style", values(ways)));
  }

  #quietly(promise) {
    return promise.catch(({ code, message }) => this.#emit("error", { code, message }));
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
      const message = this.#message(id, call, said);
      this.#waits.set(id, { yes, no, timer, message });
      this.#load();
      if (this.#ready) return this.#post(message);
      this.#wake();
    });
  }

  #wake() {
    this.#post(this.#message(0, "wake"));
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
    else if (event === "height") {
      this.#wish = Number(detail.height);
      this.#dress();
    } else if (event === "leave") this.#leave(detail.address);
    else if (["ready", "change", "verdict", "solved", "select", "error"].includes(event)) {
      if (event === "ready") return void this.#begin(detail);
      if (this.#hides) return;
      if (event === "change") this.#share(detail);
      this.#emit(event, event === "error" ? detail.error : detail);
    }
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  /** Keeps the address, and takes all figures of the same name to the same moment. */
  #share({ link, cursor, byReader, playing }) {
    if (link) this.#kept = place(link);
    const name = this.getAttribute("linked");
    if (!(byReader || playing) || !name) return;
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
