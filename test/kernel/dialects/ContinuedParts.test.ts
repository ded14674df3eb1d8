/** The parts of several calls as those of one answer: folded they are what the whole answers are, joined. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { ContinuedParts } from "../../../src/kernel/dialects/ContinuedParts.ts"
import type { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../../src/kernel/messages/ContentBlock.ts"
import * as Continuation from "../../../src/kernel/messages/Continuation.ts"
import type { StreamPart } from "../../../src/kernel/messages/StreamPart.ts"

const Text = Schema.Struct({ type: Schema.Literal("text"), text: Schema.String })
const Thought = Schema.Struct({ type: Schema.Literal("thinking"), thinking: Schema.String })
const Call = Schema.Struct({
  type: Schema.Literal("tool_call"),
  id: Schema.String,
  name: Schema.String,
  input: Schema.JsonObject
})
const Answer = Schema.Array(Schema.Union([Text, Thought, Call]))

const wordsOf = (block: ContentBlock): string =>
  block.type === "tool_call"
    ? JSON.stringify(block["input"])
    : String(block[block.type === "text" ? "text" : "thinking"])

/** In deltas of two characters. */
const partsOf = (response: ChatResponse): ReadonlyArray<StreamPart> => [
  { type: "response_start", metadata: response.metadata ?? {} },
  ...response.content.flatMap((block, index): ReadonlyArray<StreamPart> => [
    { type: "block_start", index, block: block.type },
    ...(wordsOf(block).match(/[\s\S]{1,2}/g) ?? []).map((text): StreamPart => ({ type: "block_delta", index, text })),
    { type: "block_end", index, block }
  ]),
  { type: "response", response }
]

const responseOf = (content: ChatResponse["content"], n: number): ChatResponse => ({
  content,
  finish_reason: n === 0 ? "stop" : "length",
  metadata: { id: `r${n}` }
})

describe("ContinuedParts", () => {
  it.prop("fold to the joined answers, whatever the calls say", {
    answers: Schema.NonEmptyArray(Answer)
  }, ({ answers }) => {
    const responses = answers.map((content, n) => responseOf(content, answers.length - 1 - n))
    const parts = new ContinuedParts()
    const out = responses.flatMap((response, n) => {
      if (n > 0) parts.begin()
      return partsOf(response).flatMap((part) => parts.add(part))
    })
    out.push(...parts.finish())
    const whole = responses.reduce(Continuation.join)
    assert.deepStrictEqual(out.at(-1), { type: "response", response: whole })
    assert.strictEqual(out.filter(({ type }) => type === "response_start").length, 1)
    const ends = out.flatMap((part) => part.type === "block_end" ? [part] : [])
    assert.deepStrictEqual(
      [...ends].sort((one, other) => one.index - other.index).map(({ block }) => block),
      whole.content
    )
    for (const { block, index } of ends) {
      const deltas = out.flatMap((part) => part.type === "block_delta" && part.index === index ? [part.text] : [])
      assert.strictEqual(deltas.join(""), wordsOf(block))
      assert.lengthOf(out.filter((part) => part.type === "block_start" && part.index === index), 1)
    }
  })

  it("gives no half of a tool's call where a further call breaks off, and ends what has begun", () => {
    const parts = new ContinuedParts()
    const first = responseOf([{ type: "text", text: "a " }], 1)
    for (const part of partsOf(first)) parts.add(part)
    parts.begin()
    const out = [
      ...partsOf(responseOf([{ type: "text", text: "b" }], 0)).slice(0, 3).flatMap((part) => parts.add(part)),
      ...parts.add({ type: "block_start", index: 1, block: "tool_call", id: "c", name: "f" }),
      ...parts.add({ type: "block_delta", index: 1, text: "{\"x\"" }),
      ...parts.broken(),
      ...parts.finish()
    ]
    assert.deepStrictEqual(out, [
      { type: "block_delta", index: 0, text: "b" },
      { type: "block_end", index: 0, block: { type: "text", text: "a b" } },
      { type: "response", response: { ...first, content: [{ type: "text", text: "a b" }] } }
    ])
  })
})
