/** The parts of an answer as live events: whatever the parts, the deltas of a block add up to the block. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Schema } from "effect"
import * as LiveEvents from "../../../src/events/log/LiveEvents.ts"
import type { LiveEvent } from "../../../src/events/types/Envelope.ts"
import { CallRecord } from "../../../src/kernel/calls/CallRecord.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import * as LiveBlocks from "../../../src/kernel/dialects/LiveBlocks.ts"
import type { StreamPart } from "../../../src/kernel/messages/StreamPart.ts"
import { Recording } from "../../../src/kernel/requests/Recording.ts"

const requestId = "01890000-0000-7000-8000-000000000000"

const record = () =>
  new CallRecord(
    new Recording({
      hub: undefined as never,
      clock: Clock.Clock.defaultValue(),
      requestId,
      sessionId: "s",
      parentSessionId: null,
      level: "default",
      secrets: []
    }),
    {
      method: {
        name: "m",
        input: Schema.Json,
        answer: Schema.Json,
        element: undefined,
        error: Schema.Never,
        events: LlmEvents
      },
      provider: "p",
      common: {},
      request: {},
      input: () => "{}",
      summarize: () => ({})
    },
    { path: "1", attempt: 1, cause: "origin" }
  )

/** What is published of these parts. */
const published = (parts: ReadonlyArray<StreamPart>, end?: { readonly type: string; readonly message: string }) => {
  const events: Array<LiveEvent> = []
  const blocks = new LiveBlocks.LiveBlocks({ ...LiveEvents.make(), publish: (event) => events.push(event) }, record())
  for (const part of parts) blocks.add(part)
  if (end !== undefined) blocks.aborted(end)
  return events.map(({ payload, type }) => ({ type, ...JSON.parse(payload) }))
}

const kinds = ["text", "thinking"] as const

const Answer = Schema.Array(Schema.Struct({
  kind: Schema.Literals(kinds),
  pieces: Schema.Array(Schema.String),
  /** What only the end of the block says. */
  rest: Schema.String
}))

const partsOf = (answer: typeof Answer.Type): ReadonlyArray<StreamPart> =>
  answer.flatMap(({ kind, pieces, rest }, index): ReadonlyArray<StreamPart> => {
    const text = pieces.join("") + rest
    const block = kind === "text" ? { type: kind, text } : { type: kind, thinking: text, signature: "c2ln" }
    return [
      { type: "block_start", index, block: kind },
      ...pieces.map((text): StreamPart => ({ type: "block_delta", index, text })),
      { type: "block_end", index, block }
    ]
  })

describe("LiveBlocks", () => {
  it.prop("gives deltas that add up to their block, numbered without a gap, none of them empty", {
    answer: Answer
  }, ({ answer }) => {
    const events = published(partsOf(answer))
    for (const [index, { kind, pieces, rest }] of answer.entries()) {
      const ofBlock = events.filter(({ block_index }) => block_index === index)
      assert.strictEqual(ofBlock[0].type, "llm:stream_block_start")
      assert.strictEqual(ofBlock.at(-1).type, "llm:stream_block_end")
      assert.isTrue(ofBlock.every(({ block_type }) => block_type === kind))
      const deltas = ofBlock.slice(1, -1)
      // A lone surrogate has no form in UTF-8: its JSON text is an escape, which is read back alike.
      assert.strictEqual(deltas.map(({ text }) => text).join(""), pieces.join("") + rest)
      assert.deepStrictEqual(deltas.map(({ sequence }) => sequence), deltas.map((_, n) => n))
      assert.isTrue(deltas.every(({ text }) => text !== ""))
    }
  })

  it("is silent of signatures, of arguments, and of what is neither words nor a call", () => {
    assert.deepStrictEqual(
      published([
        { type: "block_start", index: 0, block: "redacted_thinking" },
        { type: "block_end", index: 0, block: { type: "redacted_thinking", data: "x" } },
        { type: "block_start", index: 1, block: "tool_call", id: "c", name: "look" },
        { type: "block_delta", index: 1, text: "{}" },
        { type: "block_end", index: 1, block: { type: "tool_call", id: "c", name: "look", input: {} } }
      ]).map(({ block_index, block_type, name, type }) => [type, block_index, block_type, name]),
      [
        ["llm:stream_block_start", 1, "tool_use", "look"],
        ["llm:stream_block_end", 1, "tool_use", undefined]
      ]
    )
  })

  it("begins a block that only its end tells of", () => {
    const events = published([{ type: "block_end", index: 0, block: { type: "text", text: "No." } }])
    assert.deepStrictEqual(events.map(({ text, type }) => [type, text]), [
      ["llm:stream_block_start", undefined],
      ["llm:stream_block_delta", "No."],
      ["llm:stream_block_end", undefined]
    ])
  })

  it("shows what was held back before it says that the answer broke off, and says it once", () => {
    const error = { type: "unreachable", message: "reset" }
    const events = published([
      { type: "block_start", index: 0, block: "text" },
      { type: "block_delta", index: 0, text: "half" }
    ], error)
    assert.deepStrictEqual(events.slice(1), [
      {
        type: "llm:stream_block_delta",
        request_id: requestId,
        call: "1",
        block_index: 0,
        block_type: "text",
        sequence: 0,
        text: "half"
      },
      { type: "llm:stream_aborted", request_id: requestId, call: "1", error }
    ])
  })

  it("does not say of a whole answer that it broke off", () => {
    const response: StreamPart = { type: "response", response: { content: [{ type: "text", text: "a" }] } }
    const events = published([...partsOf([{ kind: "text", pieces: ["a"], rest: "" }]), response], {
      type: "x",
      message: ""
    })
    assert.isFalse(events.some(({ type }) => type === "llm:stream_aborted"))
  })
})
