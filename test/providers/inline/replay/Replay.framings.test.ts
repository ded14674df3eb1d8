/** What was recorded of streams that are no server-sent events is served again, with no vendor there. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Adapters from "../../../support/Adapters.ts"
import { Http } from "../../../support/Http.ts"
import { Strata } from "../../../support/Strata.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"

const chat = "/v1/chat/completions"

const response = {
  content: [
    { type: "text" as const, text: "Rome 🌧" },
    { type: "tool_call" as const, id: "call_1", name: "f", input: { a: 1 } }
  ],
  finish_reason: "tool_calls",
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  metadata: { model: "m", created: 1 }
}

const answerOf = ({ text }: { readonly text: string }) =>
  text.split("\n\n").filter((frame) => frame.startsWith("data: {")).map((frame) => {
    const { choices, usage } = JSON.parse(frame.slice(6))
    return { choices, usage }
  })

describe("inline::replay", () => {
  it.live.each([Adapters.localOllama, Adapters.amazon])(
    "serves recorded streams of $name again, and verifies",
    (adapter) =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const vendor = yield* adapter.vendor(() => ({ _tag: "Answer", response }))
        const [entry] = vendor.options.providers!
        const upstream = { provider_type: entry!.provider_type, config: entry!.config! }
        const asked = { messages: [{ role: "user", content: "Which is warmer?" }], stream: true }
        const serve = (config: object, session: string) =>
          Effect.gen(function*() {
            const providers = [{ provider_id: "ai", provider_type: "inline::replay", config: config as never }]
            const strata = yield* Strata.make({ folder, level: "raw", providers })
            const answered = yield* Http.post(strata.url, chat, { ...asked, model: "ai/m" }, {
              "x-strata-session-id": session
            })
            const { json } = yield* Http.post(strata.url, `/v1/sessions/${session}/verify`, {})
            yield* strata.close
            assert.deepInclude(Object(json), { status: "identical", requests: 1 })
            return answered
          })
        const recorded = yield* serve({ mode: "record", upstream }, "recorded")
        assert.strictEqual(recorded.status, 200, recorded.text)
        assert.lengthOf(vendor.asked(), 1)
        const replayed = yield* serve({ mode: "replay" }, "replayed")
        assert.strictEqual(replayed.status, 200, replayed.text)
        assert.deepStrictEqual(answerOf(replayed), answerOf(recorded))
        assert.lengthOf(vendor.asked(), 1)
      }).pipe(Effect.scoped)
  )
})
