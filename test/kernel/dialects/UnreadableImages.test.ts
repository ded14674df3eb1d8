/** An image whose `data:` URL can't be read is refused by its place in the client's request, whatever the dialects. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { bedrock } from "../../../src/kernel/dialects/bedrock/BedrockDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { ollama } from "../../../src/kernel/dialects/ollama/OllamaDialect.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import * as UnreadableImages from "../../../src/kernel/dialects/UnreadableImages.ts"

const lowered = (client: Dialect, vendor: Dialect, body: Schema.JsonObject) => {
  const request = Result.getOrThrow(client.raise.request(body))
  return Result.mapError(
    Translation.lowerCall(vendor, request, { client, model: "m", stream: false }),
    (error) => UnreadableImages.placed(error, request, body)
  )
}

const chatBody = (url: string) => ({
  model: "m",
  messages: [{ role: "user", content: [{ type: "text", text: "see" }, { type: "image_url", image_url: { url } }] }]
})

const resultBody = (image_url: string) => ({
  model: "m",
  input: [
    { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
    { type: "function_call_output", call_id: "c", output: [{ type: "input_image", image_url }] }
  ]
})

const vendors = [anthropic, bedrock, gemini, ollama]
const unreadable = "data:image/png;base64,a!"

describe("an image by a data: URL", () => {
  it.each(vendors)("that can't be read is refused by its field: $name", (vendor) => {
    for (
      const [client, body, param] of [
        [chat, chatBody(unreadable), "messages[0].content[1].image_url.url"],
        [responses, resultBody(unreadable), "input[1].output[0].image_url"]
      ] as const
    ) {
      const failure = Result.getOrThrow(Result.flip(lowered(client, vendor, body)))
      assert.strictEqual(failure.param, param)
      assert.include(failure.message, "data:<type>;base64")
    }
  })

  it.each(vendors)("is its bytes, however it is written: $name", (vendor) => {
    for (const url of ["data:image/png;charset=x;BASE64,aGk", "data:image/png,hi", "DATA:image/PNG;base64,aG%6B%3d"]) {
      const { call: { text } } = Result.getOrThrow(lowered(chat, vendor, chatBody(url)))
      assert.include(text, "aGk=")
      assert.notInclude(text.toLowerCase(), "data:")
    }
  })

  it("is the vendor's to judge where the dialect is the same", () => {
    assert.isTrue(Result.isSuccess(lowered(chat, chat, chatBody(unreadable))))
  })
})
