
/**
 * A scenario as functions take it: what is not said has its default.
 */
export type ScenarioInput = Pick<Scenario, "lightcone" | "protocol"> & Partial<Scenario>;

/**
 * An answer as `grade` takes it.
 */
export type HandedInInput = Pick<HandedIn, "answer"> & Partial<HandedIn>;
