/** Conversations that real clients had with Ollama, over its OpenAI endpoint, can be had over its own API. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { ollama } from "../../../../src/kernel/dialects/ollama/OllamaDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/ollama/SentWire.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { blocksOf } from "../../../../src/kernel/messages/Message.ts"
import { read, responseOf } from "../../../support/DialectProperties.ts"
import { Recordings } from "../../../support/Recordings.ts"

const recorded = () => Recordings.load({ vendors: ["ollama"], endpoint: "/v1/chat/completions" })

/** Text in parts is as good as text. */
const plain = (output: unknown): unknown =>
  Array.isArray(output) ? output.map((part) => Object(part).text).join("\n\n") : output

const essence = ({ id, input, name, output, text, thinking, tool_call_id, type }: Record<string, unknown>) =>
  JSON.stringify({ type, id, name, input, text, thinking, tool_call_id, output: plain(output) })

const said = (content: ReadonlyArray<ContentBlock>) =>
  content.map((block) => essence(block as Record<string, unknown>)).sort()

describe.skipIf(!Recordings.available)(`OllamaDialect, recorded traffic ${Recordings.reason}`, () => {
  it("asks what was asked, and says again what it said", () => {
    let compared = 0
    for (const { request } of recorded()) {
      const canonical = Result.getOrThrow(chat.raise.request(request))
      const asked = ollama.lower.request({ ...canonical, model: "m" })
      if (Result.isFailure(asked)) {
        assert.strictEqual(asked.failure.param, "messages")
        continue
      }
      Schema.decodeUnknownSync(SentRequest)(asked.success.body)
      const again = Result.getOrThrow(ollama.raise.request(asked.success.body))
      assert.deepStrictEqual(said(again.messages.flatMap(blocksOf)), said(canonical.messages.flatMap(blocksOf)))
      compared++
    }
    assert.isAbove(compared, 30)
  })

  it("gives answers as they were, plain and streamed", () => {
    let compared = 0
    for (const { answer } of recorded()) {
      if (answer._tag === "Error") continue
      const text = answer._tag === "Stream"
        ? answer.chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")
        : undefined
      const canonical = text === undefined
        ? Result.getOrThrow(chat.raise.response((answer as { readonly body: unknown }).body))
        : responseOf(read(chat, text))!
      const again = Result.getOrThrow(ollama.raise.response(ollama.lower.response(canonical)))
      assert.deepStrictEqual(said(again.content), said(canonical.content))
      assert.deepStrictEqual(again.finish_reason, canonical.finish_reason)
      assert.strictEqual(again.usage?.output_tokens, canonical.usage?.output_tokens)
      compared++
    }
    assert.isAbove(compared, 30)
  })
})
