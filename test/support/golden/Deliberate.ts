/** Where facts and the row writer of before differ on purpose, by decisions since; no traffic of a run leads there. */
export const deliberate: ReadonlyArray<string> = [
  // `PendingEvents.toAppend` masks; the row writer masked in `emitText`.
  "secrets are looked for when a request hands its events over, no longer at each event: one that becomes known in "
  + "between is masked in the events before it, too",
  // `docs/decisions/2026-11-26-facts.md`: texts are stored as UTF-8.
  "half a character, which nothing has that came as bytes, is read as U+FFFD"
]
