// The time until Raft has a leader, with 200 seeds, as CSV: `node time-to-leader.mjs > times.csv`.
import { parse, simulate } from "lightcone";

const run = parse("lightcone 1\nprotocol raft 1\nset servers 5\nset clients 0\nhorizon 3000 ms\n");

console.log("seed,leader_after_ms,candidates");
for (let seed = 1; seed <= 200; seed++) {
  const { verdicts, statuses } = simulate({ ...run, seed });
  const elected = verdicts.find((verdict) => verdict.property === "leader-elected");
  const before = statuses.filter((status) => status.weight === "stands" && status.event <= (elected.event ?? Infinity));
  console.log([seed, elected.at ?? "", before.length].join(","));
}
