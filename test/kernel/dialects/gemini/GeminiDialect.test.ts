/** The thought signature of a function call comes back with the next request. */
import { assert, describe, it } from "@effect/vitest"
import { call, content, head, lowered, raisedAnswer, result, signed } from "./GeminiWire.ts"

describe("gemini-thought-signature", () => {
  it("comes back on the first call only, with both results in one turn", () => {
    const vendor = {
      ...head,
      candidates: [{
        index: 0,
        finishReason: "STOP",
        content: content(signed(call("search", { q: "a" }), "SIG-A"), call("search", { q: "b" }))
      }]
    }
    const answer = raisedAnswer(vendor)
    const calls = answer.content.map((block) => [block["id"], block["signature"]] as const)
    assert.deepStrictEqual(calls.map(([, signature]) => signature), ["SIG-A", undefined])
    const { body } = lowered({
      model: "gemini-3-pro-preview",
      messages: [
        { role: "user", content: "search" },
        { role: "assistant", content: answer.content },
        ...calls.map(([id]) => ({
          role: "tool" as const,
          content: [{ type: "tool_result" as const, tool_call_id: String(id), output: "x" }]
        }))
      ]
    })
    assert.deepStrictEqual<unknown>((body["contents"] as ReadonlyArray<unknown>).slice(1), [
      content(signed(call("search", { q: "a" }), "SIG-A"), call("search", { q: "b" })),
      { role: "user", parts: [result("search", { output: "x" }), result("search", { output: "x" })] }
    ])
  })
})
