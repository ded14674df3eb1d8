/** Vercel's AI SDK works with Strata through its providers of OpenAI and of Open Responses. */
// @effect-diagnostics asyncFunction:off
import { createOpenResponses } from "@ai-sdk/open-responses"
import { createOpenAI } from "@ai-sdk/openai"
import { assert, describe } from "@effect/vitest"
import { APICallError, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai"
import type { LanguageModel } from "ai"
import { Effect } from "effect"
import { Chat } from "../../support/Chat.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const providers: Readonly<Record<string, (url: string) => LanguageModel>> = {
  "@ai-sdk/openai": (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: "key" }).responses("upstream/m"),
  "@ai-sdk/open-responses": (url) =>
    createOpenResponses({ name: "strata", url: `${url}/v1/responses`, apiKey: "key" })("upstream/m")
}

const echo = tool({
  description: "Says it again.",
  inputSchema: jsonSchema<{ readonly say: string }>({ type: "object", properties: { say: { type: "string" } } }),
  execute: ({ say }) => Promise.resolve(`echoed ${say}`)
})

for (const [name, modelAt] of Object.entries(providers)) {
  describe.each(ways)(`the AI SDK through ${name}, before $way`, ({ it }) => {
    it.live("answers, runs a tool round trip, and streams", () =>
      Effect.gen(function*() {
        const { strata } = yield* World.given()
        yield* Effect.promise(async () => {
          const model = modelAt(strata.url)
          const answer = await generateText({ model, prompt: "hello", maxRetries: 0 })
          assert.strictEqual(answer.text, "You said hello")
          assert.strictEqual(answer.usage.inputTokens, 10)
          const called = await generateText({
            model,
            prompt: "call echo 1",
            tools: { echo },
            stopWhen: stepCountIs(3),
            maxRetries: 0
          })
          assert.strictEqual(called.text, "Tools said echoed 1")
          const streamed = streamText({
            model,
            prompt: "call echo 2",
            tools: { echo },
            stopWhen: stepCountIs(3),
            maxRetries: 0
          })
          let text = ""
          for await (const part of streamed.textStream) text += part
          assert.strictEqual(text, "Tools said echoed 2")
        })
      }).pipe(Effect.scoped), 20_000)

    it.live("gets errors as its own class, and may leave", () =>
      Effect.gen(function*() {
        const { strata, upstream } = yield* World.given({
          model: (request) =>
            JSON.stringify(request.body ?? {}).includes("slow")
              ? Chat.answering(["a", "b", "c"], "2 seconds")(request)
              : request.method === "POST"
              ? ScriptedAnswer.error(429, "Slow down.", "rate_limit_exceeded", "requests")
              : undefined
        })
        yield* Effect.promise(async () => {
          const model = modelAt(strata.url)
          const failure = await generateText({ model, prompt: "hello", maxRetries: 0 }).catch((error: unknown) => error)
          assert.isTrue(APICallError.isInstance(failure))
          assert.strictEqual((failure as APICallError).statusCode, 429)
          const controller = new AbortController()
          const leaving = generateText({ model, prompt: "slow", maxRetries: 0, abortSignal: controller.signal }).catch((
            error: unknown
          ) => error)
          await World.arrival(upstream, "slow")
          controller.abort()
          assert.strictEqual((await leaving as Error).name, "AbortError")
        })
        yield* upstream.awaitAborted(1)
      }).pipe(Effect.scoped), 20_000)
  })
}
