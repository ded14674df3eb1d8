/** Events are numbered in their own sequence: of the request, or of each of its calls. */
import { assert, describe, it } from "@effect/vitest"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { EventSequence } from "../../../src/kernel/requests/EventSequence.ts"

const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"
const take = (sequence: EventSequence) => sequence.idOf(sequence.take(1))
const three = (sequence: EventSequence) => [take(sequence), take(sequence), take(sequence)]
const ofCall = (path: string) =>
  new EventSequence(requestId, "raw", { id: EventIds.ofCall(requestId, path), path, attempt: 1, provider: "p" })

describe("EventSequence", () => {
  it("of a request counts from its own id", () => {
    assert.deepStrictEqual(
      three(new EventSequence(requestId, "raw")),
      [1, 2, 3].map((number) => EventIds.nth(requestId, number))
    )
  })

  it("tells the next id without taking it", () => {
    const sequence = ofCall("1")
    assert.strictEqual(sequence.nextId, sequence.nextId)
    const next = sequence.nextId
    assert.strictEqual(take(sequence), next)
    assert.notStrictEqual(sequence.nextId, next)
  })

  it("takes the numbers of several events at once", () => {
    const sequence = new EventSequence(requestId, "raw")
    assert.deepStrictEqual([sequence.take(2), sequence.take(1), sequence.take(2)], [1, 3, 4])
    assert.strictEqual(sequence.nextId, EventIds.nth(requestId, 6))
  })

  it("of calls side by side are the same whichever is faster", () => {
    const [first, second] = [ofCall("1"), ofCall("2")]
    const mixed = [take(second), take(first), take(second), take(first), take(first), take(second)]
    const apart = [...three(ofCall("1")), ...three(ofCall("2"))]
    assert.deepStrictEqual([...mixed].sort(), [...apart].sort())
    assert.strictEqual(new Set([...apart, ...three(new EventSequence(requestId, "raw"))]).size, 9)
  })
})
