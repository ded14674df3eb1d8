/** What Anthropic is sent to count, and what it answers. */
import type Anthropic from "@anthropic-ai/sdk"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { countTokens } from "../../../../src/kernel/dialects/anthropic/CountTokens.ts"
import type { CountTokensRequest } from "../../../../src/kernel/dialects/anthropic/Wire.ts"
import * as Samples from "./AnthropicSamples.ts"

type Assignable<From, To> = [From] extends [To] ? true : false
type Plain<T> = { -readonly [Name in keyof T as string extends Name ? never : Name]: T[Name] }

/** What the SDK sends is read. */
true satisfies Assignable<Pick<Anthropic.MessageCountTokensParams, "model">, Pick<Plain<CountTokensRequest>, "model">>

/** As the SDK's parameters have them, and those of betas. */
const taken = new Set([
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "cache_control",
  "context_management",
  "mcp_servers"
])

describe("anthropic/CountTokens", () => {
  it.each(Samples.requests)("sends of a request what is counted, and no other field: $name", ({ body }) => {
    const lowered = Result.getOrThrow(Result.flatMap(anthropic.raise.request(body), anthropic.lower.request)).body
    const sent = countTokens.lower(lowered, "m")
    assert.deepStrictEqual(Object.keys(sent).filter((name) => !taken.has(name)), [])
    for (const name of taken) assert.deepStrictEqual(sent[name], lowered[name])
    assert.isFalse("max_tokens" in sent)
  })

  it("reads the answer, and says it again", () => {
    const answer = { input_tokens: 42, context_management: { original_input_tokens: 50 } }
    const count = Result.getOrThrow(countTokens.raise(answer))
    assert.strictEqual(count.input_tokens, 42)
    assert.deepStrictEqual<unknown>(countTokens.answer(count), answer)
  })

  it.each([undefined, null, {}, { input_tokens: -1 }, { input_tokens: "3" }, []])(
    "reads no count in %j",
    (body) => assert.isTrue(Result.isFailure(countTokens.raise(body)))
  )
})
