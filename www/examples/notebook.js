// Runs the cell: its output takes the place of the one before.
const OUTPUT = '<script type="module" src="../lightcone.js"></script><light-cone run="raft/election"></light-cone>';
document.querySelector("button").addEventListener("click", () => {
  const output = document.querySelector("#output");
  output.innerHTML = OUTPUT;
  for (const dead of output.querySelectorAll("script")) {
    const script = document.createElement("script");
    for (const { name, value } of dead.attributes) script.setAttribute(name, value);
    dead.replaceWith(script);
  }
});
