/** A channel of Node's diagnostics: the URL of each Strata that a test starts. */
export const listening = "strata/test/listening"
