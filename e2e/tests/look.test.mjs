// How it looks: pictures of every layout, light and dark, for people to compare; axe finds nothing in any of them.
import { test } from "node:test";
import { axe, EMBED, head, hold, middle, NARROW, open, shot, WIDE } from "../lightcone.mjs";

const SIZES = { wide: WIDE, small: EMBED, narrow: NARROW };
const RUNS = {
  home: "",
  explorer: "#/raft/one-vote-short",
  violation: "#/raft/figure-8",
  lamport: "#/lamport/figure",
};

for (const [place, size] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every page is clean for axe, ${place} and ${colorScheme}`, async (t) => {
      for (const [name, at] of Object.entries(RUNS)) {
        const page = await open(t, { at, size, colorScheme });
        await page.locator("svg.fig").first().waitFor();
        await axe(page);
        await shot(page, `${name}-${place}-${colorScheme}`);
      }
    });
  }
}

test("a message in the hand is clean for axe", async (t) => {
  const page = await open(t, { at: "#/raft/election" });
  await hold(page, head(page, "S1-S3-Vote-1"), 80, 0);
  await page.locator(".grip").waitFor();
  await axe(page);
  await shot(page, "held-wide-light");
  await page.mouse.up();
  const { x, y } = await middle(head(page, "S1-S3-Vote-1"));
  await page.mouse.click(x, y);
  await axe(page);
  await shot(page, "moved-wide-light");
});
