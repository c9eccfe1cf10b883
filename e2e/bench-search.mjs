// What "Break it from here" comes to in Chromium: `cargo xtask bench pressed`. It measures and asserts nothing. Run with the
// names of protocols; each flaw is switched on in the protocol's default empty run, and the button is pressed.
//
// The stage that found it; the events of the first find and of the shortest; the states of all stages; the seconds from the
// press to the first find and to the end. "-" stands where nothing was found or the end did not come within a minute.
import { chromium } from "playwright-core";

const PATIENCE_MILLIS = 60_000;

const { LIGHTCONE_URL: top, CHROMIUM: executablePath } = process.env;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(top);
  console.log(`${await page.evaluate(() => navigator.hardwareConcurrency)} processors\n`);
  console.log(row("protocol", "flaw", "stage", "first", "shortest", "states", "s, first", "s, end"));
  for (const protocol of process.argv.slice(2)) {
    await fresh(page, protocol);
    for (const name of await flaws(page).allInnerTexts()) await press(page, protocol, name);
  }
} finally {
  await browser.close();
}

/** The flaws, once the system is unfolded. */
function flaws(page) {
  return page.locator("details.system h3:has-text('Flaws') ~ * label.switch");
}

async function fresh(page, protocol) {
  await page.goto("about:blank");
  await page.goto(`${top}#/${protocol}`);
  await page.locator("details.system summary").click();
  await flaws(page).first().waitFor();
}

async function press(page, protocol, name) {
  await fresh(page, protocol);
  await flaws(page).filter({ hasText: name }).getByRole("checkbox").check();
  const began = performance.now();
  const since = () => ((performance.now() - began) / 1000).toFixed(2);
  const wait = (text) => page.locator(".search-notes .subj", { hasText: text }).waitFor({ timeout: PATIENCE_MILLIS });
  const events = async () => /\d+/.exec(await page.locator(".search-notes .subj").innerText())?.[0] ?? "-";
  await page.getByRole("button", { name: "Break it from here" }).click();
  const found = await wait(/^Found in/).then(() => true, () => false);
  const [first, firstAt] = found ? [await events(), since()] : ["-", "-"];
  const over = await page.getByRole("button", { name: "Search again", exact: true }).waitFor({ timeout: PATIENCE_MILLIS }).then(() => true, () => false);
  const end = over ? since() : "-";
  const stage = found ? await page.locator(".stages [aria-current] > span").innerText() : "-";
  const states = (await page.locator(".search-notes .facts dd").first().innerText()).split(" ")[0];
  console.log(row(protocol, name, stage, first, found ? await events() : "-", states, firstAt, end));
}

function row(protocol, flaw, stage, ...numbers) {
  const cut = flaw.length > 60 ? `${flaw.slice(0, 59)}…` : flaw;
  return [protocol.padEnd(9), cut.padEnd(60), stage.padEnd(22), ...numbers.map((number) => number.padStart(9))].join(" ");
}
