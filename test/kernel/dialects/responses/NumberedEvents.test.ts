import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { NumberedEvents } from "../../../../src/kernel/dialects/responses/NumberedEvents.ts"
import { OpenItem } from "../../../../src/kernel/dialects/responses/OpenItem.ts"

const words = new OpenItem("text", "msg_\"1\"", 2).grow("a \"quoted\"\n\ud800 word").at(-1)!
const response = { id: "resp_1", status: "in_progress", output: [] }

const cases: ReadonlyArray<readonly [string, Schema.JsonObject]> = [
  ["words", words],
  ["words of the same place", { ...words, delta: "more" }],
  ["words of another item", { ...words, item_id: "msg_2" }],
  ["words of another place", { ...words, output_index: 3 }],
  ["words of another part", { ...words, content_index: 1 }],
  ["words with probabilities", { ...words, logprobs: [{ token: "a" }] }],
  ["words with a field more", { ...words, obfuscation: "x" }],
  ["another field in place of one", { ...words, delta: null }],
  ["words that stand nowhere", { type: words["type"]!, delta: "a" }],
  ["words of a refusal", new OpenItem("refusal", "msg_1", 0).grow("No.").at(-1)!],
  ["an item", { type: "response.output_item.done", output_index: 0, item: { id: "msg_1" } }],
  ["a response", { type: "response.created", response }],
  ["the same response", { type: "response.in_progress", response }],
  ["a response with a field more", { type: "response.in_progress", response, more: 1 }],
  ["another response", { type: "response.completed", response: { ...response, status: "completed" } }],
  ["no response", { type: "response.completed", response: null }]
]

const expected = ({ type, ...fields }: Schema.JsonObject, sequence_number: number): string =>
  `event: ${String(type)}\ndata: ${JSON.stringify({ type: type!, sequence_number, ...fields })}\n\n`

describe("events as they are written with their numbers", () => {
  it.each(cases)("%s: the type, the number, and all else in its order", (_, event) => {
    assert.strictEqual(new NumberedEvents().frameOf(event, 7), expected(event, 7))
  })

  it("says what is new in a frame: all of it, and where only words or a response again, these or nothing", () => {
    const numbered = new NumberedEvents()
    const newsOf = (event: Schema.JsonObject) => {
      const frame = numbered.frameOf(event, 7)
      return numbered.news === frame ? "all" : numbered.news
    }
    const created = { type: "response.created", response }
    assert.deepStrictEqual(
      [
        created,
        { type: "response.in_progress", response },
        words,
        { ...words, delta: "\"more\"" },
        { ...words, output_index: 3 },
        { ...words, logprobs: [{ token: "a" }] },
        { type: "response.completed", response: { ...response, status: "completed" } }
      ].map(newsOf),
      [
        "all",
        `event: response.in_progress\ndata: {"type":"response.in_progress","sequence_number":7}\n\n`,
        "all",
        `"delta":"\\"more\\""\n`,
        "all",
        "all",
        "all"
      ]
    )
  })

  it("given many, one behind the other, then each is written as by itself", () => {
    const numbered = new NumberedEvents()
    const all = [...cases, ...cases.toReversed(), ...cases].map(([, event]) => event)
    assert.deepStrictEqual(
      all.map((event, index) => numbered.frameOf(event, index)),
      all.map((event, index) => expected(event, index))
    )
  })
})
