/** Entries of parts, as every format writes them. */
import { assert, describe, it } from "@effect/vitest"
import type { EventEntry, ExchangeEntry } from "../../../src/events/facts/FactEntries.ts"
import { FactReader, lengthOfExchange, nothing } from "../../../src/events/facts/FactReader.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"

const requestId = "0199aaaa-0000-7000-8000-000000000000"
const call = { id: EventIds.ofCall(requestId, "1"), path: "1", attempt: 1, provider: "p" }
const columns = { tenant: "", requestId, sessionId: null, parentSessionId: null, principal: null }

const partsOf = (text: string, entries: ReadonlyArray<EventEntry | ExchangeEntry>) => {
  const reader = new FactReader(text, 0, { call, columns, inConversation: false, sources: nothing })
  return entries.map((entry) => reader.part(entry, 1000))
}

const cause = EventIds.nth(requestId, 1)

describe("the parts of a stored fact", () => {
  it("are the same, written as before format 4 and since", () => {
    const text = "{}\"status\":200onetwo"
    const before = partsOf(text, [
      [0, 1, 4, 0, cause, "llm:response", 1, 2],
      [2, 1, 5, 7, EventIds.nth(call.id, 4), "llm:response", [1, null], [2, 9], 12, [0, 0, 6], null]
    ])
    const since = partsOf(text, [
      [0, 1, 4, 0, [0, 1], 4, 1, 2],
      [2, 1, 5, 7, [1, 4], 0, 1, [2, 9], 12, [0, 0, 6], null]
    ])
    assert.deepStrictEqual(since, before)
  })

  it("have the id of their request where its sign stands in a head", () => {
    const [part] = partsOf("\"id\":\"\u0001\"x", [[1, 0, 1, 0, null, 2, 0, 1, 8, [0, 0, 1], null]])
    assert.deepPropertyVal(part, "head", `"id":"${requestId}"`)
  })

  it.each([
    { name: "a text", body: [0, 0, 6] as const, length: 11 },
    {
      name: "folded frames",
      body: [0, [[9, 9, 9], [1, 1, 1]], { runs: [3, 4, 4, 0], length: 11 }] as const,
      length: 16
    },
    { name: "the body before", body: [0, 1, [0]] as const, length: 5 }
  ])(
    "take so many characters: $name",
    ({ body, length }) => assert.strictEqual(lengthOfExchange([2, 0, 1, 0, null, 2, 0, 1, 5, body, null]), length)
  )
})
