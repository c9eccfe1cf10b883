// The time until Raft has a leader, with 200 seeds. `node time-to-leader.mjs > times.csv` writes a table. In an Observable notebook:
//
//   lightcone = { const it = await import("https://your.host/lightcone/api/lightcone.js"); await it.default(); return it }
//   Plot.rectY(times(lightcone), Plot.binX({ y: "count" }, { x: "leader_after_ms" })).plot()
//
// with the function `times` below in a cell of its own.
export function times({ parse, simulate }, seeds = 200) {
  const run = parse("lightcone 1\nprotocol raft 1\nset servers 5\nset clients 0\nhorizon 3000 ms\n");
  return Array.from({ length: seeds }, (_, place) => {
    const seed = place + 1;
    const { verdicts, statuses } = simulate({ ...run, seed });
    const elected = verdicts.find((verdict) => verdict.property === "leader-elected");
    const stood = statuses.filter((status) => status.weight === "stands" && status.event <= (elected.event ?? Infinity));
    return { seed, leader_after_ms: elected.at ?? null, candidates: stood.length };
  });
}

if (globalThis.process?.argv[1] && import.meta.url.endsWith("/time-to-leader.mjs")) {
  console.log("seed,leader_after_ms,candidates");
  for (const row of times(await import("lightcone"))) console.log(Object.values(row).join(","));
}
