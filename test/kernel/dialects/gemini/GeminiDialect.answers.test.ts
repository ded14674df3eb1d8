/** What Gemini answers is understood, and said again in the same words. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { answers } from "./GeminiSamples.ts"
import { frame, raisedAnswer, raisedStream, responseOf, usage } from "./GeminiWire.ts"

describe("GeminiDialect, answers", () => {
  it.each(answers)("says $name again in the same words", ({ body, finish }) => {
    const response = raisedAnswer(body, "google/m")
    assert.strictEqual(response.finish_reason, finish)
    assert.deepStrictEqual<unknown>(gemini.lower.response(response), body)
  })

  it.each(answers)("is the same of $name in one frame", ({ body }) => {
    assert.deepStrictEqual(responseOf(raisedStream(frame(body), "google/m")), raisedAnswer(body, "google/m"))
  })

  it("understands blocks, usage and what the vendor says of the answer", () => {
    const response = raisedAnswer(answers[1]!.body, "google/m")
    const producer_model = "google/m"
    const producer_dialect = "gemini"
    const ids = response.content.flatMap((block) => block.type === "tool_call" ? [block["id"]] : [])
    assert.deepStrictEqual<unknown>(response.content, [
      { type: "thinking", thinking: "hm", provider_options: { gemini: { thought: true } }, producer_model },
      { type: "text", text: "So", producer_model },
      {
        type: "tool_call",
        id: ids[0]!,
        name: "f",
        input: { q: "a" },
        signature: "S",
        producer_dialect,
        producer_model
      },
      { type: "tool_call", id: ids[1]!, name: "f", input: { q: "b" }, producer_model },
      { type: "tool_call", id: "given", name: "g", input: {}, producer_model },
      { type: "gemini_block", block: { executableCode: { language: "PYTHON", code: "1" } }, producer_model },
      { type: "text", text: "", signature: "T", producer_dialect, producer_model }
    ])
    assert.strictEqual(new Set(ids).size, 3)
    assert.deepStrictEqual<unknown>(response.usage, usage)
    assert.deepStrictEqual<unknown>(response.metadata, { id: "r1", model: "gemini-3-flash", created: 1_775_654_919 })
  })

  it("gives a call the same id whenever the answer is read, and others in another answer", () => {
    const body = { ...answers[1]!.body, responseId: "r2" }
    const ids = (of: Schema.JsonObject) =>
      raisedAnswer(of).content.flatMap((block) =>
        block.type === "tool_call" && block["id"] !== "given" ? [block["id"]] : []
      )
    assert.deepStrictEqual(ids(body), ids(structuredClone(body)))
    assert.isEmpty(ids(body).filter((id) => ids(answers[1]!.body).includes(id)))
  })

  it.each([
    [{ candidates: [{}] }, []],
    [{ candidates: [{ content: {} }] }, []],
    [{ candidates: [{ content: { parts: null } }], usageMetadata: null }, []],
    [{ candidates: [{ content: { parts: [{}, { text: "" }] } }] }, []]
  ])("takes %j for an answer that says nothing", (body, content) => {
    assert.deepStrictEqual<unknown>(raisedAnswer(body).content, content)
    assert.isNull(raisedAnswer(body).finish_reason)
  })

  it.each([undefined, null, 1, [], {}, { candidates: [] }, { error: { code: 500 } }, { candidates: "x" }])(
    "does not take %j for an answer",
    (body) => {
      assert.isTrue(Result.isFailure(gemini.raise.response(body)))
      assert.isEmpty(raisedStream(frame(body)).filter(({ type }) => type === "response"))
    }
  )
})
