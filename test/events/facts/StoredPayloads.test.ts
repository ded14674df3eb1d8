/** Payloads that are read for what refers to them. */
import { assert, describe, it } from "@effect/vitest"
import { StoredPayloads } from "../../../src/events/facts/StoredPayloads.ts"

describe("stored payloads", () => {
  it("are read once, by their place", () => {
    const read: Array<string> = []
    const payloads = new StoredPayloads((position, part) => {
      read.push(`${position} ${part}`)
      return { stored: `payload ${position} ${part}`, cuts: [] }
    })
    for (const part of [0, 1, 0]) assert.strictEqual(payloads.of({ position: 7, part }), `payload 7 ${part}`)
    assert.deepStrictEqual(read, ["7 0", "7 1"])
  })

  it("are made whole of those before them, and those that refer to themselves are none", () => {
    const cut = (position: number) => [{ after: 1, length: 2, position, part: 0, offset: 0, isOfWhole: true } as const]
    const payloads = new StoredPayloads((position) =>
      position === 1
        ? { stored: "one", cuts: [] }
        : { stored: `${position}.`, cuts: cut(position === 9 ? 9 : position - 1) }
    )
    assert.strictEqual(payloads.of({ position: 2, part: 0, isOfWhole: true }), "2on.")
    assert.strictEqual(payloads.of({ position: 3, part: 0, isOfWhole: true }), "32o.")
    assert.strictEqual(payloads.of({ position: 3, part: 0 }), "3.")
    assert.isUndefined(payloads.of({ position: 9, part: 0, isOfWhole: true }))
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
