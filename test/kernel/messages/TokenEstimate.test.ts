/** An estimate is near what vendors counted of recorded requests, and every block has its part in it. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { ChatRequest } from "../../../src/kernel/messages/ChatRequest.ts"
import * as TokenEstimate from "../../../src/kernel/messages/TokenEstimate.ts"
import { Recordings } from "../../support/Recordings.ts"

const of = (content: ChatRequest["messages"][number]["content"], more: Partial<ChatRequest> = {}) =>
  TokenEstimate.of({ messages: [{ role: "user", content }], ...more })

const image = { type: "image" as const, source: { type: "url", url: "https://example.com/a.png" } }

describe("TokenEstimate", () => {
  it.each([
    ["", 0],
    ["a", 1],
    ["weather!", 2],
    ["Привет", 3],
    ["日本語", 3],
    ["👋", 1]
  ])("of %j is %i", (text, tokens) => assert.strictEqual(TokenEstimate.ofText(text), tokens))

  it("grows with each block, image and tool", () => {
    const least = of("")
    const growing = [
      of([{ type: "text", text: "abcd" }]),
      of([{ type: "tool_call", id: "t", name: "weather", input: { city: "Oslo" } }]),
      of([{ type: "thinking", thinking: "abcd" }]),
      of([{ type: "tool_result", tool_call_id: "t", output: "abcd" }]),
      of([{ type: "tool_result", tool_call_id: "t", output: { degrees: 3 } }]),
      of([{ type: "tool_result", tool_call_id: "t", output: [{ type: "text", text: "abcd" }] }]),
      of([image]),
      of("", { tools: [{ name: "f", parameters: { type: "object" } }] }),
      of("", { response_format: { type: "json_schema", json_schema: { type: "object" } } })
    ]
    for (const each of growing) assert.isAbove(each, least)
    assert.strictEqual(
      of([{ type: "tool_result", tool_call_id: "t", output: [{ ...image }] }]),
      of([image])
    )
  })

  it("counts nothing of what only a vendor can read", () =>
    assert.strictEqual(of([{ type: "redacted_thinking", data: "A".repeat(4000) }]), of("")))

  it.skipIf(Recordings.reason !== "")(`is near what vendors counted ${Recordings.reason}`, () => {
    const ratios = Recordings.load({ vendors: ["openai", "azure"], endpoint: "/v1/chat/completions" }).flatMap(
      ({ answer, request }) => {
        const usage = answer._tag === "Json" ? Object(answer.body).usage : undefined
        const counted = Number(usage?.prompt_tokens)
        const raised = chat.raise.request(request)
        return Result.isFailure(raised) || !(counted > 0) ? [] : [TokenEstimate.of(raised.success) / counted]
      }
    )
    const sorted = ratios.sort((a, b) => a - b)
    assert.isAbove(sorted.length, 10)
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]!
    const shown = [0, 0.05, 0.5, 0.95, 1].map(at).map((each) => each.toFixed(2)).join(" ")
    assert.isTrue(at(0.5) > 0.8 && at(0.5) < 1.4, shown)
    assert.isTrue(at(0.05) > 0.5 && at(0.95) < 2.5, shown)
  })
})
