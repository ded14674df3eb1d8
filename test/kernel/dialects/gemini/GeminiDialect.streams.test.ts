/** Streams say what their whole says. */
import { assert, describe, it } from "@effect/vitest"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import {
  call,
  content,
  frame,
  head,
  raisedAnswer,
  raisedStream,
  responseOf,
  signed,
  usageMetadata
} from "./GeminiWire.ts"

describe("GeminiDialect, streams", () => {
  const frames = [
    {
      candidates: [{ content: content({ text: "h", thought: true }), index: 0 }],
      ...head,
      usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 }
    },
    { candidates: [{ content: content({ text: "m", thought: true }, { text: "S" }), index: 0 }], ...head },
    {
      candidates: [{ content: content({ text: "o" }), index: 0, citationMetadata: { citations: [{ a: 1 }] } }],
      ...head
    },
    { candidates: [{ content: content(signed(call("f", { q: "a" }), "S")), index: 0 }], ...head },
    {
      candidates: [{ content: content(call("f", { q: "b" })), index: 0, citationMetadata: { citations: [{ a: 2 }] } }],
      ...head
    },
    { candidates: [{ content: content({ text: "" }), finishReason: "STOP", index: 0 }], ...head, usageMetadata }
  ]
  const text = frames.map(frame).join("")
  const whole = {
    ...head,
    usageMetadata,
    candidates: [{
      index: 0,
      content: content(
        { text: "hm", thought: true },
        { text: "So" },
        signed(call("f", { q: "a" }), "S"),
        call("f", { q: "b" })
      ),
      finishReason: "STOP",
      citationMetadata: { citations: [{ a: 1 }, { a: 2 }] }
    }]
  }

  it("adds up to what the plain answer says", () => {
    const parts = raisedStream(text, "google/m")
    assert.deepStrictEqual(responseOf(parts), raisedAnswer(whole, "google/m"))
    assert.deepStrictEqual(
      parts.flatMap((part) => part.type === "block_end" ? [part.block] : []),
      raisedAnswer(whole, "google/m").content
    )
  })

  it("comes part by part", () => {
    const parts = raisedStream(text)
    const [one, two] = raisedAnswer(whole).content.filter(({ type }) => type === "tool_call")
    assert.deepStrictEqual(
      parts.slice(0, -1).map((part) => ({
        ...part,
        block: part.type === "block_end" ? 0 : "block" in part ? part.block : 0
      })),
      [
        {
          type: "response_start",
          metadata: { id: "r1", model: "gemini-3-flash", created: 1_775_654_919 },
          usage: { input_tokens: 10, output_tokens: 0, total_tokens: 10 },
          block: 0
        },
        { type: "block_start", index: 0, block: "thinking" },
        { type: "block_delta", index: 0, text: "h", block: 0 },
        { type: "block_delta", index: 0, text: "m", block: 0 },
        { type: "block_end", index: 0, block: 0 },
        { type: "block_start", index: 1, block: "text" },
        { type: "block_delta", index: 1, text: "S", block: 0 },
        { type: "block_delta", index: 1, text: "o", block: 0 },
        { type: "block_end", index: 1, block: 0 },
        { type: "block_start", index: 2, block: "tool_call", id: one!["id"] as string, name: "f" },
        { type: "block_delta", index: 2, text: "{\"q\":\"a\"}", block: 0 },
        { type: "block_end", index: 2, block: 0 },
        { type: "block_start", index: 3, block: "tool_call", id: two!["id"] as string, name: "f" },
        { type: "block_delta", index: 3, text: "{\"q\":\"b\"}", block: 0 },
        { type: "block_end", index: 3, block: 0 }
      ]
    )
  })

  it("is not parted by what says nothing", () => {
    const parts = [{ text: "a" }, {}, { text: "" }, { text: "", thought: true }, { text: "b" }]
    const text = parts.map((part) => frame({ candidates: [{ content: content(part) }] })).join("")
    const response = responseOf(raisedStream(text))
    assert.deepStrictEqual<unknown>(response?.content, [{ type: "text", text: "ab" }])
    assert.deepStrictEqual<unknown>(gemini.conversation.answer(text, true)?.message, content({ text: "ab" }))
  })

  it("is said again so that it adds up to the same", () => {
    const lowerer = gemini.lower.stream()
    const again = Buffer.concat(raisedStream(text, "google/m").flatMap((part) => lowerer.add(part)))
    assert.deepStrictEqual(responseOf(raisedStream(again, "google/m")), raisedAnswer(whole, "google/m"))
  })

  const error = { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" }
  it.each([
    ["in a frame", frame({ error })],
    ["as JSON of its own", `${JSON.stringify({ error }, null, 2)}\n\n`],
    ["in a list", `${JSON.stringify([{ error }])}\n\n`],
    ["in a frame of a list", frame([{ error }])]
  ])("breaks off with the vendor's error %s", (_, broken) => {
    const parts = raisedStream(frame(frames[0]) + broken + frame(frames[5]))
    assert.deepStrictEqual<unknown>(parts.at(-1), {
      type: "error",
      error,
      failure: { kind: "overloaded", message: "The model is overloaded.", type: "UNAVAILABLE", code: "503" }
    })
    assert.strictEqual(gemini.endingOf?.(frame(frames[0]) + broken), "failed")
    const lowerer = gemini.lower.stream()
    const again = Buffer.concat(parts.flatMap((part) => lowerer.add(part)))
    assert.deepStrictEqual(raisedStream(again).at(-1), parts.at(-1))
  })
})
