/** Payloads that grow: each is stored as what it goes on from, and what is new. */
import { assert, describe, it } from "@effect/vitest"
import { longestChain } from "../../../src/events/facts/BodyReference.ts"
import type { Cut } from "../../../src/events/facts/Passage.ts"
import * as Passage from "../../../src/events/facts/Passage.ts"
import * as PayloadChains from "../../../src/events/facts/PayloadChains.ts"
import { StoredPayloads } from "../../../src/events/facts/StoredPayloads.ts"
import { prose } from "../../support/Prose.ts"

const type = "response:created"

/** The payloads of so many turns, each with all before it. */
const growing = (turns: number): ReadonlyArray<string> => {
  const text = prose()
  const items: Array<string> = [text(3000)]
  return Array.from({ length: turns }, (_, turn) => {
    items.push(text(400))
    return JSON.stringify({ request: {}, input: items, response: `resp_${turn}` })
  })
}

const store = (payloads: ReadonlyArray<string>) => {
  let chains = PayloadChains.none
  const stored = new Map<number, { readonly stored: string; readonly cuts: ReadonlyArray<Cut> }>()
  for (const [index, payload] of payloads.entries()) {
    const extended = PayloadChains.extend(chains, type, payload, { position: index + 1, part: 0 })
    if (extended !== undefined) chains = new Map([...chains, [type, extended.chain]])
    const cuts = extended?.cut === undefined ? [] : [extended.cut]
    stored.set(index + 1, { stored: Passage.withoutCuts(payload, cuts), cuts })
  }
  return stored
}

describe("payloads of which each says the last again", () => {
  it("are stored in a few times what is new, and are whole again by few steps", () => {
    const payloads = growing(200)
    const stored = store(payloads)
    let steps = 0
    const read = new StoredPayloads((position) => {
      steps++
      return stored.get(position)
    })
    // The last one first: nothing of it is remembered.
    assert.strictEqual(read.of({ position: 200, part: 0, isOfWhole: true }), payloads.at(-1))
    assert.isAtMost(steps, longestChain)
    for (const [index, payload] of payloads.entries()) {
      assert.strictEqual(read.of({ position: index + 1, part: 0, isOfWhole: true }), payload)
    }
    const characters = [...stored.values()].reduce((sum, { stored }) => sum + stored.length, 0)
    assert.isAtMost(characters, 3 * payloads.at(-1)!.length)
  })

  it("are whole where they have nothing in common, or half of a character", () => {
    const text = prose()
    const others = Array.from({ length: 3 }, () => JSON.stringify({ content: text(4000) }))
    for (const { cuts } of store(others).values()) assert.deepStrictEqual(cuts, [])
    assert.isUndefined(
      PayloadChains.extend(PayloadChains.none, type, `"${"a".repeat(3000)}\ud800"`, { position: 1, part: 0 })
    )
  })

  it("count as the last of each type", () => {
    const [payload = ""] = growing(1)
    const { chain } = PayloadChains.extend(PayloadChains.none, type, payload, { position: 1, part: 0 })!
    assert.strictEqual(PayloadChains.charactersOf(new Map([[type, chain], ["another", chain]])), 2 * payload.length)
  })
})
