/** A stream that is longer than what is kept of one passes whole; the log has its beginning, its length and its end. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: "c1", choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`

const count = 400
const frames = [
  ...Array.from({ length: count }, (_, index) => chunk(`${index} `.padEnd(10_000, "x"))),
  `data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":400,"total_tokens":403}}\n\n`,
  "data: [DONE]\n\n"
]
const whole = frames.join("")
const kept = 100_000

describe("LongStreams", () => {
  it.effect("pass whole, are kept in part, and are not replayed", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({
        respond: () => ({ _tag: "Frames", frames: frames.map((text) => ({ text })) })
      })
      const strata = yield* Strata.make({
        providers: [Strata.openAi(upstream, { models: ["m"] })],
        recording: { max_stream_bytes: kept }
      })
      const answer = yield* Http.send(strata.url, "/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json", "x-strata-session-id": "s" },
        body: JSON.stringify({ model: "upstream/m", messages: [{ role: "user", content: "hi" }], stream: true })
      })
      assert.strictEqual(answer.text, whole)

      const payload = (type: string) =>
        Effect.map(
          strata.events({ sessionId: "s", types: [type] }),
          ([event]) => payloadOf(event!) as Schema.JsonObject
        )
      const { finish_reason, usage } = yield* payload("llm:response")
      assert.strictEqual(finish_reason, "stop")
      assert.deepInclude(usage, { input_tokens: 3, output_tokens: 400 })
      assert.strictEqual((yield* payload("api:response"))["bytes"], whole.length)
      for (const type of ["llm:response:raw", "api:response:raw"]) {
        const { frames: recorded, omitted_bytes } = yield* payload(type)
        const text = (recorded as ReadonlyArray<readonly [number, string]>).map(([, frame]) => frame).join("")
        assert.isAtMost(text.length, kept)
        assert.isTrue(whole.startsWith(text) && text.endsWith("\n\n"), type)
        assert.strictEqual(Number(omitted_bytes) + text.length, whole.length)
      }
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["s"])
      assert.deepStrictEqual(report?.skipped.map(({ reason }) => reason), [
        "an answer was longer than what is kept of a stream"
      ])
    }))
})
