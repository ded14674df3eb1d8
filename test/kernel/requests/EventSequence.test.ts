/** Events are numbered in their own sequence: of the request, or of each of its calls. */
import { assert, describe, it } from "@effect/vitest"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { EventSequence } from "../../../src/kernel/requests/EventSequence.ts"

const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"
const three = (sequence: EventSequence) => [sequence.take(), sequence.take(), sequence.take()]

describe("EventSequence", () => {
  it("of a request counts from its own id", () => {
    assert.deepStrictEqual(
      three(new EventSequence(requestId)),
      [1, 2, 3].map((number) => EventIds.nth(requestId, number))
    )
  })

  it("tells the next id without taking it", () => {
    const sequence = new EventSequence(requestId, "1")
    assert.strictEqual(sequence.nextId, sequence.nextId)
    const next = sequence.nextId
    assert.strictEqual(sequence.take(), next)
    assert.notStrictEqual(sequence.nextId, next)
  })

  it("of calls side by side are the same whichever is faster", () => {
    const [first, second] = [new EventSequence(requestId, "1"), new EventSequence(requestId, "2")]
    const mixed = [second.take(), first.take(), second.take(), first.take(), first.take(), second.take()]
    const apart = [...three(new EventSequence(requestId, "1")), ...three(new EventSequence(requestId, "2"))]
    assert.deepStrictEqual([...mixed].sort(), [...apart].sort())
    assert.strictEqual(new Set([...apart, ...three(new EventSequence(requestId))]).size, 9)
  })
})
