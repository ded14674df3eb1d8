/** When an answer is gone on with, what is asked for that, and how both become one. */
import { assert, describe, it } from "@effect/vitest"
import type { ChatRequest } from "../../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import * as Continuation from "../../../src/kernel/messages/Continuation.ts"

const request: ChatRequest = { model: "m", messages: [{ role: "user", content: "Count." }] }
const usage = (output_tokens: number) => ({ input_tokens: 10, output_tokens, total_tokens: 10 + output_tokens })
const text = (text: string) => ({ type: "text", text }) as const
const cut = (answer: Partial<ChatResponse> = {}): ChatResponse => ({
  content: [text("one, ")],
  finish_reason: "length",
  usage: usage(100),
  metadata: { id: "a" },
  ...answer
})

describe("an answer that was cut off", () => {
  it("is asked for again with what was said, all of its blocks, without a space at the end", () => {
    const thought = { type: "thinking", thinking: "hm", signature: "c2ln" } as const
    const next = Continuation.next(request, cut({ content: [thought, text("one, ")] }))
    assert.deepStrictEqual(next, {
      ...request,
      messages: [...request.messages, { role: "assistant", content: [thought, text("one,")] }]
    })
  })

  it("gets no more than the client's own bound leaves", () => {
    const next = (max: number, answer = cut()) => Continuation.next({ ...request, max_output_tokens: max }, answer)
    assert.strictEqual(next(150)?.max_output_tokens, 50)
    assert.isUndefined(next(100))
    assert.isUndefined(next(100 + Continuation.leastOutput - 1))
    assert.isDefined(next(100 + Continuation.leastOutput))
    assert.isUndefined(next(5000, cut({ usage: null })))
  })

  const call = { type: "tool_call", id: "c", name: "look", input: {} } as const

  it.each<[string, Partial<ChatResponse>]>([
    ["that is whole", { finish_reason: "stop" }],
    ["that was filtered", { finish_reason: "content_filter" }],
    ["with a call of a tool", { content: [text("a"), call] }],
    ["that only thought", { content: [{ type: "thinking", thinking: "hm" }] }],
    ["of nothing", { content: [] }],
    ["of spaces", { content: [text(" \n")] }],
    ["that refuses", { content: [{ ...text("No"), refusal: true }] }]
  ])("is none: an answer %s", (_, answer) => {
    assert.isUndefined(Continuation.next(request, cut(answer)))
  })
})

describe("two answers as one", () => {
  it("have one text, the id of the first, the end of the second, and the usage of both", () => {
    assert.deepStrictEqual(
      Continuation.join(cut(), {
        content: [text(" two"), text("three")],
        finish_reason: "stop",
        usage: usage(7),
        metadata: { id: "b" }
      }),
      {
        content: [text("one, two"), text("three")],
        finish_reason: "stop",
        metadata: { id: "a" },
        usage: { input_tokens: 20, output_tokens: 107, total_tokens: 127 }
      }
    )
  })

  it.each([
    ["one, ", " two", "two"],
    ["one,", " two", " two"],
    ["one, ", "two", "two"],
    ["one\n\n", "\ntwo", "two"],
    ["one\n", "\n\ntwo", "\ntwo"],
    ["one \n", "\n two", "\n two"]
  ])("say the space between them once: %j, %j", (before, more, rest) => {
    assert.strictEqual(Continuation.seam(before, more), rest)
  })
})
