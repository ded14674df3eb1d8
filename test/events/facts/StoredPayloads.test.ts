/** Payloads that are read for what refers to them. */
import { assert, describe, it } from "@effect/vitest"
import { StoredPayloads } from "../../../src/events/facts/StoredPayloads.ts"

describe("stored payloads", () => {
  it("are read once, by their place", () => {
    const read: Array<string> = []
    const payloads = new StoredPayloads((position, part) => {
      read.push(`${position} ${part}`)
      return `payload ${position} ${part}`
    })
    for (const part of [0, 1, 0]) assert.strictEqual(payloads.of({ position: 7, part }), `payload 7 ${part}`)
    assert.deepStrictEqual(read, ["7 0", "7 1"])
  })

  it("are none where they can't be read", () => {
    const payloads = new StoredPayloads((position) => {
      if (position === 1) throw new Error("it was changed by another hand")
      return undefined
    })
    assert.isUndefined(payloads.of({ position: 1, part: 0 }))
    assert.isUndefined(payloads.of({ position: 2, part: 0 }))
  })
})
