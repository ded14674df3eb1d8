import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { OpenItem } from "../../../../src/kernel/dialects/responses/OpenItem.ts"
import * as ResponsesErrors from "../../../../src/kernel/dialects/responses/ResponsesErrors.ts"

const words = new OpenItem("text", "msg_\"1\"", 2).grow("a \"quoted\"\n\ud800 word").at(-1)!

describe("events as they are written with their numbers", () => {
  it.each<readonly [string, Schema.JsonObject]>([
    ["words", words],
    ["words with probabilities", { ...words, logprobs: [{ token: "a" }] }],
    ["words with a field more", { ...words, obfuscation: "x" }],
    ["another field in place of one", { ...words, delta: null }],
    ["words that stand nowhere", { type: words["type"]!, delta: "a" }],
    ["words of a refusal", new OpenItem("refusal", "msg_1", 0).grow("No.").at(-1)!],
    ["an item", { type: "response.output_item.done", output_index: 0, item: { id: "msg_1" } }]
  ])("%s: the type, the number, and all else in its order", (_, event) => {
    const { type, ...fields } = event
    const data = JSON.stringify({ type: type!, sequence_number: 7, ...fields })
    assert.strictEqual(ResponsesErrors.numberedTextOf(event, 7), `event: ${String(type)}\ndata: ${data}\n\n`)
  })
})
