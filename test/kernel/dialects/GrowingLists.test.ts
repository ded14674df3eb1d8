/** A list that comes in many pieces is put together in linear time, and nobody else's is changed. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { field, listOf, objectsIn } from "../../../src/events/types/JsonAccess.ts"
import { StreamedMessage as AnthropicMessage } from "../../../src/kernel/dialects/anthropic/StreamedMessage.ts"
import { StreamedMessage as ChatMessage } from "../../../src/kernel/dialects/chat/StreamedMessage.ts"
import { StreamedAnswer } from "../../../src/kernel/dialects/gemini/StreamedAnswer.ts"
import { GrowingLists } from "../../../src/kernel/dialects/GrowingLists.ts"
import { StreamedSteps } from "../../../src/kernel/dialects/interactions/StreamedSteps.ts"
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

  it("hold each once, whatever the order of its names, as their first piece had it", () => {
    const lists = new GrowingLists()
    const first = Object.freeze([{ a: 1, b: 2 }, { a: 1, b: 2 }])
    const grown = lists.distinct(first, [{ b: 2, a: 1 }, { a: 2 }])
    assert.strictEqual(lists.distinct(grown, [{ a: 2 }, [1]]), grown)
    assert.deepStrictEqual(grown, [{ a: 1, b: 2 }, { a: 1, b: 2 }, { a: 2 }, [1]])
  })

  const numbers = Array.from({ length: many }, (_, at) => at)
  const timed = <A>(put: () => A): A => {
    const begun = performance.now()
    const made = put()
    assert.isBelow(performance.now() - begun, 6000)
    return made
  }

  it("put Google's citations together, however many frames they come in, and each again", () => {
    const whole = timed(() => {
      const streamed = new StreamedAnswer()
      for (const at of [...numbers, ...numbers]) {
        streamed.add({
          candidates: [{ index: 0, citationMetadata: { citations: [{ uri: `${at}`, startIndex: at }] } }]
        })
      }
      return streamed.whole
    })
    const [candidate] = objectsIn(field(whole, "candidates"))
    assert.lengthOf(listOf(field(candidate?.["citationMetadata"], "citations")), many)
  })

  it("put Anthropic's citations together, of however many pieces", () => {
    const message = timed(() => {
      const streamed = new AnthropicMessage()
      const add = (value: Schema.JsonObject) => streamed.add(String(value["type"]), value)
      add({ type: "message_start", message: { content: [] } })
      add({ type: "content_block_start", index: 0, content_block: { type: "text", text: "", citations: [] } })
      for (const at of numbers) {
        add({
          type: "content_block_delta",
          index: 0,
          delta: { type: "citations_delta", citation: { cited_text: `${at}` } }
        })
      }
      return streamed.whole
    })
    const [block] = objectsIn(field(message, "content"))
    assert.lengthOf(listOf(block?.["citations"]), many)
  })

  it("put annotations and summaries of interactions together, of however many pieces", () => {
    timed(() => {
      const steps = new StreamedSteps({})
      steps.start(0, { type: "model_output", content: [{ type: "text", text: "a" }] })
      steps.start(1, { type: "thought" })
      for (const at of numbers) {
        steps.add(0, { type: "text_annotation", annotations: [{ url: `${at}` }] })
        steps.add(1, {
          type: "thought_summary",
          content: at % 2 === 0 ? { type: "text", text: "b" } : { type: "image" }
        })
      }
      steps.finish()
      assert.isAbove(steps.blocks.length, 0)
    })
  })

  it.each<[of: string, name: string, piece: (at: number) => Schema.JsonArray, length: number]>([
    ["any numbered list", "annotations", (at) => [{ index: at, text: "a" }], many],
    ["one that has each number twice", "annotations", (at) => [{ index: at % (many / 2), text: "a" }], many / 2],
    ["a list of texts", "notes", (at) => [`${at}`], many],
    ["calls by their index", "tool_calls", (at) => [{ index: at, function: { name: "f", arguments: "{}" } }], many],
    ["calls by their id", "tool_calls", (at) => [{ id: `c${at}`, function: { name: "f", arguments: "{}" } }], many],
    ["thoughts that come again", "thinking_blocks", (at) => [
      { type: "thinking", thinking: `${at % (many / 2)}`, signature: "s", ...at < many / 2 ? {} : { repeated: true } }
    ], many / 2]
  ])("put %s of chat completions together, of however many chunks", (_, name, piece, length) => {
    const message = timed(() => {
      const streamed = new ChatMessage()
      for (const at of numbers) streamed.add({ choices: [{ index: 0, delta: { [name]: piece(at) } }] })
      return streamed.message
    })
    assert.lengthOf(listOf(message[name]), length)
  })
})
