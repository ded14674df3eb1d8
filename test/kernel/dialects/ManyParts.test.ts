/** What a client says may come in more parts than a call can take arguments: some 120,000. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { bedrock } from "../../../src/kernel/dialects/bedrock/BedrockDialect.ts"
import { canonical } from "../../../src/kernel/dialects/canonical/CanonicalDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { interactions } from "../../../src/kernel/dialects/interactions/InteractionsDialect.ts"
import { ollama } from "../../../src/kernel/dialects/ollama/OllamaDialect.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import type { ContentBlock } from "../../../src/kernel/messages/ContentBlock.ts"
import type { Message } from "../../../src/kernel/messages/Message.ts"

const many = 150_000

const texts = (count: number): ReadonlyArray<ContentBlock> =>
  Array.from({ length: count }, () => ({ type: "text", text: "a" }))

const calls = Array.from(
  { length: many },
  (_, at): ContentBlock => ({ type: "tool_call", id: `call${at}`, name: "look_up", input: {} })
)
const results = Array.from(
  { length: many },
  (_, at): ContentBlock => ({ type: "tool_result", tool_call_id: `call${at}`, output: "b" })
)

const conversations: ReadonlyArray<readonly [of: string, messages: ReadonlyArray<Message>]> = [
  ["the user", [{ role: "user", content: texts(many) }]],
  ["the model", [{ role: "assistant", content: texts(many) }]],
  ["tools", [{ role: "assistant", content: calls }, { role: "tool", content: results }]]
]

describe.each([anthropic, bedrock, canonical, chat, gemini, interactions, ollama, responses])("$name", (dialect) => {
  it.each(conversations)("is written and read where a message of %s has many parts", (_, messages) => {
    const end = { role: "user", content: "c" } as const
    const asked = Result.getOrThrow(dialect.lower.request({ model: "m", messages: [...messages, end] }))
    assert.isTrue(Result.isSuccess(dialect.raise.request(asked.body)))
  }, 30_000)
})
