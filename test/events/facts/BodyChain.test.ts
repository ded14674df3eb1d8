/** What each body of a conversation refers to. */
import { assert, describe, it } from "@effect/vitest"
import type { BodyChain } from "../../../src/events/facts/BodyChain.ts"
import * as Chain from "../../../src/events/facts/BodyChain.ts"
import * as Difference from "../../../src/events/facts/BodyDifference.ts"
import { longestChain } from "../../../src/events/facts/BodyReference.ts"

const said = (turn: number) => `{"role":"user","content":"${turn} and so on, and so on, until it is long enough"}`

const turnOf = (turn: number) => `{"messages":[${Array.from({ length: turn + 1 }, (_, at) => said(at)).join()}]}`

interface Stored {
  readonly text: string
  readonly depth: number
  readonly length: number
}

/** Stores so many turns, and gives what each takes. */
const store = (count: number): ReadonlyArray<Stored> => {
  const stored: Array<Stored> = []
  let chain: BodyChain | undefined
  for (let turn = 0; turn < count; turn++) {
    const text = turnOf(turn)
    const at = { position: turn, body: 0 }
    const difference = chain === undefined ? undefined : Chain.differenceFrom(chain, text)
    const next = difference === undefined
      ? { chain: Chain.begin(text, at), reference: undefined }
      : Chain.extend(chain!, difference, text, at)
    chain = next.chain
    const { reference } = next
    if (reference?.base == null) stored.push({ text, depth: 0, length: text.length })
    else {
      const earlier = stored[reference.base.position]!
      assert.strictEqual(Difference.apply(earlier.text, reference.difference), text, `turn ${turn}`)
      stored.push({ text, depth: earlier.depth + 1, length: Difference.lengthOf(reference.difference) })
    }
  }
  return stored
}

describe("a chain of bodies", () => {
  it.each([{ turns: 200, times: 2.7 }, { turns: 1000, times: 4 }])(
    "is short, and stores what is said few times: $turns turns",
    ({ times, turns }) => {
      const stored = store(turns)
      assert.isAtMost(Math.max(...stored.map(({ depth }) => depth)), longestChain - 1)
      const sum = stored.reduce((all, { length }) => all + length, 0)
      assert.isAtMost(sum, times * stored.at(-1)!.text.length)
    }
  )

  it("stays where a body is sent again, or with another name in it", () => {
    const model = (name: string) => turnOf(9).replace("{", `{"model":"${name}",`).replaceAll("user", name)
    const chain = Chain.begin(model("one"), { position: 7, body: 1 })
    for (const text of [model("one"), model("other")]) {
      const stored = Chain.extend(chain, Chain.differenceFrom(chain, text)!, text, { position: 9, body: 0 })
      assert.strictEqual(stored.chain, chain)
      assert.deepStrictEqual(stored.reference?.base, { position: 7, body: 1 })
      assert.strictEqual(Difference.apply(chain.text, stored.reference!.difference), text)
    }
  })

  it("takes no text that has more of its own than it has in common", () => {
    const chain = Chain.begin(turnOf(3), { position: 1, body: 0 })
    assert.isUndefined(Chain.differenceFrom(chain, turnOf(20)))
    assert.isDefined(Chain.differenceFrom(chain, turnOf(4)))
  })
})
