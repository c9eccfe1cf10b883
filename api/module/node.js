// Node has no fetch for files: here the module starts with the bytes of its wasm, and nothing is left to wait for.
import { readFileSync } from "node:fs";
import { initSync } from "./lightcone.js";

initSync({ module: readFileSync(new URL("./lightcone_bg.wasm", import.meta.url)) });

export * from "./lightcone.js";
export { default } from "./lightcone.js";
