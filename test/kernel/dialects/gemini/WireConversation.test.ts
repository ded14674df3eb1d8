/** Turns, calls and results of a conversation, whether or not Google gave the calls ids. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import * as ForkOverrides from "../../../../src/kernel/sessions/ForkOverrides.ts"

const { conversation } = gemini
const user = { role: "user", parts: [{ text: "a" }] }
const calls = {
  role: "model",
  parts: [{ functionCall: { name: "f", args: {} }, thoughtSignature: "S" }, { functionCall: { name: "f", args: {} } }]
}
const results = (one: string, two: string) => ({
  role: "user",
  parts: [
    { functionResponse: { name: "f", response: { output: one } } },
    { functionResponse: { name: "f", response: { output: two } } }
  ]
})
const request = { contents: [user, calls, results("1", "2"), calls], safetySettings: [] }

describe("WireConversation", () => {
  it("gives calls and their results ids that are one another's, and takes them again", () => {
    const messages = conversation.messages(request) ?? []
    const asked = messages.flatMap(conversation.toolCalls)
    assert.strictEqual(new Set(asked).size, 4)
    assert.deepStrictEqual(messages.flatMap(conversation.toolResults), asked.slice(0, 2))
    assert.deepStrictEqual(ForkOverrides.openToolCalls(conversation, messages), asked.slice(2))
    assert.deepStrictEqual<unknown>(conversation.request(request, "m", messages), { ...request, model: "m" })
  })

  it("has the same ids as the canonical request", () => {
    const raised = Result.getOrThrow(gemini.raise.request(request)).messages
    const ids = raised.flatMap(({ content }) => typeof content === "string" ? [] : content).flatMap((block) =>
      block.type === "tool_call" ? [block["id"]] : []
    )
    assert.deepStrictEqual<unknown>(ids, (conversation.messages(request) ?? []).flatMap(conversation.toolCalls))
  })

  it("replaces results, and gives those that are missing, as a fork wants it", () => {
    const messages = conversation.messages(request) ?? []
    const [one, , three, four] = messages.flatMap(conversation.toolCalls)
    const changed = ForkOverrides.messages(conversation, messages, {
      tool_results: { [one!]: "x", [three!]: "3", [four!]: "4" }
    })
    const single = (output: string) => ({
      role: "user",
      parts: [{ functionResponse: { name: "f", response: { output } } }]
    })
    assert.deepStrictEqual<unknown>(conversation.request(request, "m", changed ?? [])["contents"], [
      user,
      calls,
      results("x", "2"),
      calls,
      single("3"),
      single("4")
    ])
  })

  it("reads the turn of an answer, plain and streamed, with the ids that its canonical form has", () => {
    const body = { responseId: "r", candidates: [{ content: calls, finishReason: "STOP" }] }
    const plain = conversation.answer(JSON.stringify(body), false)
    const frames = calls.parts.map((part) => ({
      responseId: "r",
      candidates: [{ content: { role: "model", parts: [part] } }]
    }))
    const text = [...frames, { responseId: "r", candidates: [{ finishReason: "STOP" }] }].map((each) =>
      `data: ${JSON.stringify(each)}\r\n\r\n`
    ).join("")
    assert.deepStrictEqual(conversation.answer(text, true), plain)
    assert.strictEqual(plain?.finish_reason, "STOP")
    const { content } = Result.getOrThrow(gemini.raise.response(body))
    assert.deepStrictEqual<unknown>(conversation.toolCalls(plain!.message), content.map((block) => block["id"]))
  })

  it.each([["{}", false], ["no JSON", false], ["", true], ["data: {\"candidates\":[]}\n\n", true]])(
    "reads no turn from %j",
    (text, streamed) => {
      assert.isUndefined(conversation.answer(text, streamed))
    }
  )

  it("knows requests that carry none", () => {
    assert.isNull(conversation.messages({ instances: [] }))
  })
})
