/** What is appended, event by event. */
import { assert, it } from "@effect/vitest"
import { expand } from "../../../src/events/facts/Expansion.ts"
import { draft } from "../../support/EventDrafts.ts"
import { answer, ofParts } from "../../support/Facts.ts"

it("events and facts stand behind each other from the place on", () => {
  const place = { stream: "s", version: 5, position: 50 }
  const events = expand([draft(), ofParts(answer(1, "a")), draft(), ofParts(answer(3, "b"))], place)
  assert.deepStrictEqual(events.map(({ position, stream, type, version }) => [position, stream, version, type]), [
    [50, "s", 5, "test:happened"],
    [51, "s", 6, "llm:response:debug"],
    [52, "s", 7, "llm:response:raw"],
    [53, "s", 8, "test:happened"],
    [54, "s", 9, "llm:response:debug"],
    [55, "s", 10, "llm:response:raw"]
  ])
  assert.deepStrictEqual(expand([], place), [])
})
