// A program that uses all of the API. It is compiled and not run.
import init, { check, decodeLink, draw, encodeLink, format, grade, initSync, judge, parse, protocols, question, simulate, write } from "lightcone";
import type { Checked, Grades, History, Judgement, LightconeError, Progress, Scenario, ScenarioInput, Trace } from "lightcone";

const run: Scenario = decodeLink("raft/election");
const small: ScenarioInput = { lightcone: 1, protocol: "raft", settings: { servers: 3, "lease-reads": true }, seed: "18446744073709551615" };
const trace: Trace = simulate(small, { until: 50, states: true });
const history: History = trace.history;
const judgement: Judgement = judge(history, { as: "register", initial: 1, sequential: true });
const texts: string[] = [format(run), encodeLink(run), draw(run, { width: 800, theme: "dark", at: 82 }), write(run, "mermaid")];
const stop = new AbortController();
const heard: Progress[] = [];

export async function all(): Promise<[Checked, Grades]> {
  await init();
  const checked = await check(run, { depth: 8, budget: { crashes: 1 }, expect: ["holds"] }, (progress) => heard.push(progress), stop.signal);
  for (const verdict of checked.verdicts) if (verdict.verdict === "broken") console.log(verdict.property, verdict.why);
  const grades = grade(question("2pc/leave-both-in-doubt").link, [texts[0]!, { name: "Bo", answer: "#/run/x" }]);
  return [checked, grades];
}

export function sentence(error: LightconeError): string {
  return `${error.code} ${error.line ?? ""} ${error.message}`;
}

export const titles = protocols().protocols.flatMap(({ runs, challenges }) => [...runs, ...challenges].map(({ title }) => title));
export { initSync, judgement, parse };
