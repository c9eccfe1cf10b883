// Starts the application, or says in the page why it cannot start.
const script = document.querySelector("script[data-js]");
const address = (name) => new URL(script.dataset[name], document.baseURI);

/** Puts a plain sentence where the application would be. */
function say(title, sentence, again) {
  const main = document.createElement("main");
  main.className = "cannot-start";
  main.append(line("h1", title), line("p", sentence));
  if (again) {
    const button = line("button", "Try again");
    button.type = "button";
    button.addEventListener("click", () => location.reload());
    main.append(button);
  }
  document.body.replaceChildren(main);
}

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
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

/** Begins to fetch what the address needs besides the program, so that it arrives with it. */
function fetchEarly() {
  const parts = JSON.parse(script.dataset.parts ?? "{}");
  const name = /^#\/(?:embed\/)?([^/?]*)/.exec(location.hash)?.[1] ?? "";
  const needed = parts[name === "" ? "home" : name];
  for (const file of needed ? [parts.shared, needed] : []) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: file });
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
  const done = waiting();
  fetchEarly();
  try {
    const glue = await import(address("js"));
    await glue.default({ module_or_path: address("wasm") });
    done();
  } catch (error) {
    console.error(error);
    done();
    say("Lightcone did not load", "A part of the page did not arrive or did not start. The link keeps the whole run; nothing is lost.", true);
  }
}

await start();
