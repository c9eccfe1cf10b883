// Runs a snippet where it stands: what it says to the console is shown below it.
for (const button of document.querySelectorAll("[data-run]")) {
  let count = 0;
  button.addEventListener("click", async () => {
    const said = button.nextElementSibling;
    said.hidden = false;
    said.textContent = "";
    const word = (value) => (typeof value === "string" ? value : JSON.stringify(value) ?? String(value));
    const say = (...words) => (said.textContent += `${words.map(word).join(" ")}\n`);
    const log = console.log;
    console.log = say;
    button.disabled = true;
    try {
      // A module runs once for each address.
      await import(`${button.dataset.run}?${(count += 1)}`);
      said.textContent ||= "It is done.";
    } catch (error) {
      say(error.message);
    }
    console.log = log;
    button.disabled = false;
  });
}
