// The figure in the reader's hand: messages are dragged, dropped, doubled and put back, by mouse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMBED, becomes, digest, drag, head, hold, message, middle, moves, open } from "../lightcone.mjs";

const ELECTION = "#/raft/election";
const VOTE = "S1-S3-Vote-1";

test("a message dragged later arrives later, the run is another one, and undo gives the old one back", async (t) => {
  const page = await open(t, { at: ELECTION });
  const before = await digest(page);
  await drag(page, head(page, VOTE), 60, 0);
  await becomes(() => moves(page), [/^Delayed S1’s vote to S3 by \d/]);
  const after = await digest(page);
  assert.notEqual(after, before);
  await page.keyboard.press("Control+z");
  await becomes(() => digest(page), before);
  await becomes(() => moves(page), []);
  await page.keyboard.press("Shift+Control+z");
  await becomes(() => digest(page), after);
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await becomes(() => digest(page), before);
});

test("while a message is held, the answer is shown and the link is not touched", async (t) => {
  const page = await open(t, { at: ELECTION });
  const address = page.url();
  await hold(page, head(page, VOTE), 80, 0);
  await page.locator(".grip").waitFor();
  await page.getByText("first difference").waitFor();
  await page.getByText("In your hand").waitFor();
  await page.getByText("What your move changed").waitFor();
  assert.ok((await page.locator(".ghost .m").count()) > 0, "the old future is a ghost");
  assert.equal(page.url(), address);
  await page.mouse.up();
  await becomes(() => page.url() === address, false);
});

test("Escape puts a held message back as if nothing had been", async (t) => {
  const page = await open(t, { at: ELECTION });
  const before = await digest(page);
  await hold(page, head(page, VOTE), 80, 0);
  await page.locator(".grip").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".grip").waitFor({ state: "detached" });
  await page.mouse.up();
  assert.equal(await digest(page), before);
  assert.deepEqual(await moves(page), []);
});

test("after a drag, the keys that the margin lists work", async (t) => {
  const page = await open(t, { at: "#/lamport/figure" });
  const before = await digest(page);
  await drag(page, head(page, "c1-N1-Write-1"), 40, 0);
  await becomes(() => moves(page).then((all) => all.length), 1);
  await page.keyboard.press("Delete");
  await becomes(() => moves(page), [/^Dropped/]);
  await page.keyboard.press("Backspace");
  await becomes(() => digest(page), before);
});

test("Escape puts back a message that was taken by its line's end", async (t) => {
  const page = await open(t, { at: "#/lamport/figure" });
  const before = await digest(page);
  await hold(page, head(page, "c1-N1-Write-1"), 40, 0);
  await page.locator(".grip").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".grip").waitFor({ state: "detached" });
  await page.mouse.up();
  assert.equal(await digest(page), before);
});

test("while Ctrl is down, what is shown is a copy", async (t) => {
  const page = await open(t, { at: ELECTION });
  await page.keyboard.down("Control");
  await hold(page, head(page, VOTE), 60, 0);
  await becomes(() => moves(page), [/^Delivered S1’s vote to S3 again at \d/]);
  await page.mouse.up();
  await page.keyboard.up("Control");
  await message(page, `${VOTE}-copy1`).waitFor();
});

test("the selected event shows all that it can know of", async (t) => {
  const page = await open(t, { at: "#/raft/stale-read-from-deposed-leader" });
  await page.getByRole("application").focus();
  for (let step = 0; step < 20; step += 1) await page.keyboard.press("ArrowRight");
  await page.locator(".fig .cone").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".fig .cone").waitFor({ state: "detached" });
});

test("the clients' view says what cannot be placed, and is judged again while a message is held", async (t) => {
  const page = await open(t, { at: "#/raft/stale-read-from-deposed-leader" });
  await page.locator(".fig .clients .op.bad").waitFor();
  await page.locator(".fig .heads").getByText("not linearizable", { exact: true }).waitFor();
  await page.locator(".fig .labels").getByText("read x = 1 must be 2").waitFor();
  await page.locator(".fig .labels").getByText("2. write x = 2").waitFor();
  assert.equal(await page.locator(".fig .clients .effect").count(), 2);
  // An answer that never comes contradicts nobody.
  await hold(page, head(page, "S1-c1-Response-2"), 4, -48);
  await page.locator(".fig .heads").getByText("linearizable", { exact: true }).waitFor();
  assert.equal(await page.locator(".fig .clients .op.bad").count(), 0);
  await page.keyboard.press("Escape");
  await page.locator(".fig .clients .op.bad").waitFor();
  const box = await middle(page.locator(".fig .clients .op.bad"));
  await page.mouse.up();
  await page.mouse.click(box.x, box.y);
  await page.locator(".fig .cone").waitFor();
  await page.setViewportSize(EMBED);
  await page.locator(".fig .clients").waitFor({ state: "detached" });
});

test("where lanes do not fit, those on which nothing happens are threads until one is pressed", async (t) => {
  // Five servers and four clients, three of whom ask nothing, in a frame: on the page itself the figure grows.
  const page = await open(t, {
    at: "#/embed/run/AToCASEBAQQhU2V2ZW4gc2VydmVycywgdGhyZWUgaWRsZSBjbGllbnRzA-hQArgX5QAFGoAZ5QICCKAfC-U2",
    size: EMBED,
  });
  const heads = page.locator(".fig .heads");
  await heads.getByText("3 idle", { exact: true }).waitFor();
  assert.equal(await heads.getByText("c4", { exact: true }).count(), 0);
  // The sides of the first cut stand together.
  assert.deepEqual((await heads.locator(".lh .lh-name").allTextContents()).slice(0, 5), ["S1", "S3", "S2", "S4", "S5"]);
  const box = await heads.getByText("3 idle", { exact: true }).boundingBox();
  await page.mouse.click(box.x + 8, box.y + box.height / 2);
  await heads.getByText("c4", { exact: true }).waitFor();
});

test("let go off the lane, a message is dropped; dragged back by its cross, it arrives", async (t) => {
  const page = await open(t, { at: ELECTION });
  const before = await digest(page);
  await hold(page, head(page, VOTE), 4, -48);
  await page.locator(".hand-layer").getByText("drop", { exact: true }).waitFor();
  await page.mouse.up();
  await becomes(() => moves(page), ["Dropped S1’s vote to S3"]);
  assert.match(await message(page, VOTE).getAttribute("aria-label"), /is dropped/);
  const { y: lane } = await middle(page.locator(`[data-message="S2-S3-Vote-1"] .hit`));
  const cross = await middle(head(page, VOTE));
  await drag(page, head(page, VOTE), 0, lane - cross.y);
  await becomes(async () => /arrives at/.test(await message(page, VOTE).getAttribute("aria-label")), true);
  await page.getByRole("button", { name: /^Undo: / }).click();
  await becomes(() => digest(page), before);
});

test("dragged back to its ring, a message is where it was and the move is gone", async (t) => {
  const page = await open(t, { at: ELECTION });
  const before = await digest(page);
  const from = await middle(head(page, VOTE));
  await drag(page, head(page, VOTE), 60, 0);
  await becomes(() => moves(page).then((all) => all.length), 1);
  const now = await middle(head(page, VOTE));
  await drag(page, head(page, VOTE), from.x - now.x, 0);
  await becomes(() => moves(page), []);
  await becomes(() => digest(page), before);
});

test("with Ctrl a message is delivered twice", async (t) => {
  const page = await open(t, { at: ELECTION });
  await hold(page, head(page, VOTE), 60, 0);
  await page.keyboard.down("Control");
  await page.mouse.up();
  await page.keyboard.up("Control");
  await message(page, `${VOTE}-copy1`).waitFor();
  await becomes(() => moves(page).then((all) => all.length), 1);
  await page.locator(".twice").waitFor();
});

test("the grip stops where the message is sent", async (t) => {
  const page = await open(t, { at: ELECTION });
  await hold(page, head(page, VOTE), -400, 0);
  await page.locator(".grip").waitFor();
  await page.mouse.up();
  const said = await message(page, VOTE).getAttribute("aria-label");
  const [, sent, arrives] = /sent at ([\d.]+) ms, arrives at ([\d.]+) ms/.exec(said);
  assert.ok(Number(arrives) > Number(sent) && Number(arrives) - Number(sent) < 1, said);
});

test("a press selects, a press beside it lets go, and the margin tells of it", async (t) => {
  const page = await open(t, { at: ELECTION });
  const { x, y } = await middle(head(page, VOTE));
  await page.mouse.click(x, y);
  await page.getByRole("heading", { name: "Selected message" }).waitFor();
  await page.locator(".fig .sel-out").waitFor({ state: "attached" });
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "At the cursor" }).waitFor();
});

test("the axis moves the cursor, and the veil and the lane heads follow", async (t) => {
  const page = await open(t, { at: `${ELECTION}?from=0&to=240&at=240` });
  const picture = await page.locator("svg.fig").boundingBox();
  const { x, y } = { x: picture.x + picture.width / 4, y: picture.y + 14 };
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 10, y, { steps: 3 });
  await page.mouse.up();
  await page.locator(".fig .veil").waitFor();
  assert.deepEqual(await page.locator(".lh-role").allTextContents(), Array(5).fill("follower"));
});

test("playing moves the cursor to the end and stops there", async (t) => {
  const page = await open(t, { at: "#/lamport/figure" });
  await page.keyboard.press("Home");
  await page.getByLabel("Speed").selectOption({ label: "4×" });
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.locator(".fig .fly").first().waitFor();
  await page.getByRole("button", { name: "Play" }).waitFor();
});

test("while nothing happens nothing is done", async (t) => {
  const before = (page) =>
    page.addInitScript(() => {
      const request = window.requestAnimationFrame.bind(window);
      window.asked = 0;
      window.requestAnimationFrame = (due) => {
        window.asked += 1;
        return request(due);
      };
      // Frames of the test's own.
      window.framesOfNothing = async (count) => {
        const asked = window.asked;
        let changes = 0;
        const seen = new MutationObserver((all) => (changes += all.length));
        seen.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
        for (let frame = 0; frame < count; frame += 1) await new Promise(request);
        seen.disconnect();
        return { frames: window.asked - asked, changes };
      };
    });
  const page = await open(t, { at: ELECTION, before });
  const nothing = { frames: 0, changes: 0 };
  await becomes(() => page.evaluate(() => window.framesOfNothing(20)), nothing);
  // Nor with a message in a hand that rests.
  await hold(page, head(page, VOTE), 40, 0);
  await page.locator(".hand-layer").waitFor();
  await becomes(() => page.evaluate(() => window.framesOfNothing(20)), nothing);
  await page.mouse.up();
});
