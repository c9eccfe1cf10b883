// A course page around one figure: while the reader scrolls, the figure shows what the text tells of. Any page can do this. It uses
// nothing of <light-cone> but what every page may: open(), show(), reset(), state(), and the events `change` and `verdict`.
//
//   <light-cone run="raft/election"></light-cone>
//   <section class="scene" data-run="raft/election" data-at="82" data-select="m12"><p>The third vote …</p></section>
//   <p>… the <a class="ref" data-run="raft/election" data-select="m12" href="…">third vote</a> …</p>
//
// Two rules. What the reader has moved stays theirs: from then on scrolling touches nothing, until they say so. And where the reader is
// stands in the address only (#s3): nothing is stored.

const figure = document.querySelector("light-cone");
const scenes = [...document.querySelectorAll(".scene")];
const taken = document.querySelector(".taken");

// A page that is loaded again goes to the scene of its address. The browser's own place is one of a page whose answers were open.
history.scrollRestoration = "manual";
document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: "instant" });

let current; // the scene that is read
let shown; // the run that the figure has
let yours = false; // whether the reader's hand was in it
let last = Promise.resolve(); // what the figure was asked last

/** Where a scene or a link looks: the attributes of <light-cone>, with `data-` before them. */
function look({ at, from, to, select, light, beside }) {
  const all = { at, from, to, select, light, beside };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Asks the figure for one thing after the other. What it cannot do leaves the text as readable as before. */
function ask(what) {
  last = last.then(what).catch((error) => console.warn(error.message));
  return last;
}

/** Takes the figure to what this element's attributes say. */
function go({ dataset }) {
  const to = look(dataset);
  // What is selected stays selected until something else is: a scene that selects nothing opens its run anew.
  const anew = shown !== dataset.run || !to.select;
  shown = dataset.run;
  return ask(async () => {
    if (anew) await figure.open(`${dataset.run}?${new URLSearchParams(to)}`);
    await figure.show(to);
  });
}

/** The scene whose beginning the reader has passed last. Below the figure on a phone, below the top of the window elsewhere. */
function reading() {
  const stick = document.querySelector(".stick").getBoundingClientRect();
  const below = matchMedia("(max-width:719px)").matches ? Math.max(stick.bottom, 0) : 0;
  const line = below + (innerHeight - below) * 0.45;
  const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  return end ? scenes.at(-1) : (scenes.findLast((scene) => scene.getBoundingClientRect().top <= line) ?? scenes[0]);
}

/** Marks the scene that is read, and takes the figure there, unless it is the reader's. */
function follow() {
  const scene = reading();
  if (!scene || scene === current) return;
  current = scene;
  scenes.forEach((other) => other.toggleAttribute("data-on", other === scene));
  if (scrollY > 0) history.replaceState(null, "", `#${scene.id}`);
  if (!yours) go(scene);
}

/** Gives the figure to the reader, or back to the text. */
function give(toReader) {
  yours = toReader;
  taken.hidden = !toReader;
}

function back() {
  give(false);
  shown = undefined;
  return current && go(current);
}

let asked = false;
addEventListener("scroll", () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    follow();
  });
}, { passive: true });

figure.addEventListener("change", ({ detail }) => detail.byReader && give(true));

document.querySelector("[data-reset]").addEventListener("click", back);
document.querySelector("[data-follow]").addEventListener("click", () => {
  back();
  // The button is gone; the reader goes on where the text is.
  document.querySelector("[data-reset]").focus({ preventScroll: true });
});

// A dotted link shows its place in the figure. With a key or button that opens a new page it stays a link into the explorer.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.ref");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!yours) go(link);
  // In a run that the reader has changed only the view moves: their moves stay.
  else if (link.dataset.run === shown) ask(() => figure.show(look({ at: link.dataset.at, select: link.dataset.select })));
  // A place in another run: whether theirs may go is for the reader to say.
  else document.querySelector("[data-follow]").focus();
});

// Paper shows every answer, and the screen afterwards those that were shown before.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((one) => (one.open = true));
});
addEventListener("afterprint", () => closed.forEach((one) => (one.open = false)));

shown = figure.getAttribute("run");
follow();
