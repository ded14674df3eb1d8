/**
 * The official SDKs hold a conversation with tools, reasoning and images before vendors of other dialects, which take only
 * what a real one takes: what they said comes back as it was, each signature in its place.
 */
import Anthropic from "@anthropic-ai/sdk"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Sdk } from "../../support/Sdk.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as TranslatingStrata from "../../support/TranslatingStrata.ts"
import * as Turns from "./Turns.ts"

const defaultHeaders = { "x-strata-session-id": TranslatingStrata.session }
const apiKey = TranslatingStrata.clientKey

const modes = (...vendors: ReadonlyArray<keyof typeof Turns.vendors>) =>
  vendors.flatMap((vendor) => [{ vendor, mode: "plain", stream: false }, { vendor, mode: "streamed", stream: true }])

describe.each(ways)("@anthropic-ai/sdk, before $way", ({ it }) => {
  it.live.each(modes("openai", "gemini", "anthropic"))(
    "holds a conversation before a vendor like $vendor, $mode",
    ({ stream, vendor: type }) =>
      Effect.gen(function*() {
        const { assertSound, model, strata, vendor } = yield* TranslatingStrata.make(type, Turns.vendors[type])
        const client = new Anthropic({ baseURL: strata.url, apiKey, maxRetries: 0, defaultHeaders })
        const answers = yield* Turns.withAnthropic(client, model, stream)
        assert.deepStrictEqual(answers.map(({ stop_reason }) => stop_reason), ["tool_use", "tool_use", "end_turn"])
        const [first] = answers
        const [thought] = first!.content
        assert.deepInclude(thought, { type: "thinking", thinking: "Two towns." })
        const rest = first!.content.filter(({ type }) => type === "text" || type === "tool_use")
        assert.deepStrictEqual(rest.map((block) => block.type === "tool_use" ? block.input : block.type), [
          "text",
          { city: "Oslo" },
          { city: "Rome" }
        ])
        for (const { usage } of answers) {
          assert.deepInclude(usage, { input_tokens: 10, cache_read_input_tokens: 20, output_tokens: 5 })
        }
        assert.deepInclude(answers[2]!.content.find(({ type }) => type === "text"), { text: "Rome is warmer." })
        const [asked, second] = vendor.received
        assert.include(asked!.bodyText, Turns.image)
        assert.include(second!.bodyText, Turns.chart)
        yield* assertSound(3)
      }).pipe(Effect.scoped)
  )
})

describe.each(ways)("openai, before $way", ({ it }) => {
  it.live.each(modes("anthropic", "gemini"))(
    "holds a conversation before a vendor like $vendor, $mode",
    ({ stream, vendor: type }) =>
      Effect.gen(function*() {
        const { assertSound, model, strata, vendor } = yield* TranslatingStrata.make(type, Turns.vendors[type])
        const client = Sdk.make(strata.url, { apiKey, defaultHeaders })
        const answers = yield* Turns.withOpenAi(client, model, stream)
        const choices = answers.map((answer) => answer.choices[0]!)
        assert.deepStrictEqual(choices.map(({ finish_reason }) => finish_reason), ["tool_calls", "tool_calls", "stop"])
        const [first, , last] = choices
        assert.strictEqual(first!.message.content, "I look.")
        assert.strictEqual(last!.message.content, "Rome is warmer.")
        const calls = first!.message.tool_calls!.map((call) => call.type === "function" ? call.function.arguments : "")
        assert.deepStrictEqual(calls.map((text) => JSON.parse(text)), [{ city: "Oslo" }, { city: "Rome" }])
        for (const { usage } of answers) {
          assert.deepInclude(usage, { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 })
          assert.deepInclude(usage!.prompt_tokens_details, { cached_tokens: 20 })
        }
        assert.include(vendor.received[0]!.bodyText, Turns.image)
        yield* assertSound(3)
      }).pipe(Effect.scoped)
  )
})
