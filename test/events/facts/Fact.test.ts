/** What is appended, counted and measured. */
import { assert, it } from "@effect/vitest"
import { charactersOf, countOf, isFact } from "../../../src/events/facts/Fact.ts"
import { draft } from "../../support/EventDrafts.ts"
import { answer, ofParts } from "../../support/Facts.ts"

const head = answer(1, "").head!.length

it("an event is one, of its payload's length", () => {
  const event = draft({ payload: "12345" })
  assert.deepStrictEqual([isFact(event), countOf(event), charactersOf(event)], [false, 1, 5])
})

it("a fact is as many as its levels that are stored, of the length of its texts", () => {
  const onlyDebug = answer(3, "", { raw: null, head: null, body: null, excerpt: "12345" })
  const fact = ofParts(answer(1, "1234567"), onlyDebug)
  assert.deepStrictEqual([isFact(fact), countOf(fact), charactersOf(fact)], [true, 3, head + 7 + 5])
})
