/** Encrypted reasoning is asked of models that reason, and of no other: the vendor would refuse it. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as EncryptedReasoning from "../../../../src/kernel/dialects/responses/EncryptedReasoning.ts"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"

const user = { role: "user", content: "Hello?" } as const

const includeOf = (request: Partial<ChatRequest>) =>
  Result.getOrThrow(responses.lower.request({ model: "gpt-4.1", messages: [user], ...request })).body["include"]

const asked = [EncryptedReasoning.encrypted]

describe("encrypted reasoning", () => {
  it.each([
    "o1",
    "o1-pro",
    "o3-mini-2025-01-31",
    "o4-mini",
    "gpt-5",
    "gpt-5-mini",
    "gpt-5.1-codex",
    "gpt-6",
    "gpt-10-mini",
    "gpt-oss-120b",
    "codex-mini-latest",
    "computer-use-preview",
    "openai/o3",
    "ft:o4-mini-2025-04-16:acme::A1"
  ])("is asked of %s", (model) => {
    assert.deepStrictEqual(includeOf({ model }), asked)
  })

  it.each([
    "gpt-4.1",
    "gpt-4o-mini",
    "chatgpt-4o-latest",
    "gpt-3.5-turbo",
    "gpt-5-chat-latest",
    "gpt-5.1-chat-latest",
    "ft:gpt-4o:acme::o3",
    "omni-moderation",
    "my-deployment"
  ])("is not asked of %s", (model) => {
    assert.isUndefined(includeOf({ model }))
  })

  const thought = { type: "thinking", thinking: "", content: ["gAAAA", "rs_1"], producer_dialect: "responses" } as const

  it.each<[string, Partial<ChatRequest>]>([
    ["an effort", { reasoning_effort: "low" }],
    ["a budget", { reasoning_budget_tokens: 2048 }],
    ["the dialect's own options", { provider_options: { responses: { reasoning: { summary: "auto" } } } }],
    ["reasoning of before", { messages: [user, { role: "assistant", content: [thought] }, user] }]
  ])("is asked of a model of any name where the request has %s", (_, request) => {
    assert.deepStrictEqual(includeOf({ model: "my-deployment", ...request }), asked)
  })

  it("is not asked where another vendor's thoughts are left out, nor where the vendor keeps its answers", () => {
    const foreign = { type: "thinking", thinking: "hm", signature: "c2ln", producer_dialect: "anthropic" } as const
    assert.isUndefined(includeOf({ messages: [user, { role: "assistant", content: [foreign] }, user] }))
    assert.isUndefined(includeOf({ model: "o3", provider_options: { responses: { store: true } } }))
  })

  it("stands beside what the client includes, once", () => {
    const including = (include: ReadonlyArray<string>) =>
      includeOf({ model: "o3", provider_options: { responses: { include } } })
    assert.deepStrictEqual(including(["message.output_text.logprobs"]), ["message.output_text.logprobs", ...asked])
    assert.deepStrictEqual(including(asked), asked)
  })
})
