/** A list that comes in many pieces is put together in linear time, and nobody else's is changed. */
import { assert, describe, it } from "@effect/vitest"
import { field, listOf, objectsIn } from "../../../src/events/types/JsonAccess.ts"
import { StreamedAnswer } from "../../../src/kernel/dialects/gemini/StreamedAnswer.ts"
import { GrowingLists } from "../../../src/kernel/dialects/GrowingLists.ts"
import { StreamedAnswer as OllamaAnswer } from "../../../src/kernel/dialects/ollama/StreamedAnswer.ts"

const many = 150_000

describe("GrowingLists", () => {
  it("leave what they were given as it was", () => {
    const lists = new GrowingLists()
    const first = Object.freeze([1])
    const grown = lists.behind(first, [2])
    assert.strictEqual(lists.behind(grown, [3]), grown)
    assert.deepStrictEqual([first, grown], [[1], [1, 2, 3]])
  })

  it("put a vendor's likelihoods together, of however many tokens", () => {
    const begun = performance.now()
    const gemini = new StreamedAnswer()
    const ollama = new OllamaAnswer()
    for (let at = 0; at < many; at++) {
      gemini.add({ candidates: [{ index: 0, logprobsResult: { chosenCandidates: [{ token: `${at}` }] } }] })
      ollama.add({ logprobs: [{ token: `${at}` }] })
    }
    const [candidate] = objectsIn(field(gemini.whole, "candidates"))
    assert.lengthOf(listOf(field(candidate?.["logprobsResult"], "chosenCandidates")), many)
    assert.lengthOf(listOf(field(ollama.whole, "logprobs")), many)
    assert.isBelow(performance.now() - begun, 4000)
  })
})
