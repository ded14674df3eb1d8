/** Streams as vendors write them: passed on by the byte, understood all the same, and replayed identical. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { field } from "../../src/events/types/JsonAccess.ts"
import vendorStreams from "../samples/vendor-streams.json" with { type: "json" }
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

interface Stream {
  readonly name: string
  readonly chunks: ReadonlyArray<string>
  readonly expected: {
    readonly message: Schema.JsonObject
    readonly finish_reason: string
    readonly usage: Schema.JsonObject | null
    readonly response_id: string
  }
}

const streams: ReadonlyArray<Stream> = vendorStreams as never
const done = "data: [DONE]\n\n"

/** Whatever form a vendor's last frame has, and whether or not it is there, a client gets it in one form. */
const passed = (chunks: ReadonlyArray<string>): string => {
  const text = chunks.join("").replace(/(event: done\n)?data: \[DONE\][\r\n]*$/, "")
  return /(\r\n|\r|\n){2}$/.test(text) ? text + done : `${text}\n\n${done}`
}

const modelOf = (index: number) => `m${index}`

describe("VendorStreams", () => {
  it.effect("are passed on, understood, forked and replayed", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({
        respond: ({ body }) => ({
          _tag: "Frames",
          frames: streams[Number(String(field(body, "model")).slice(1))]!.chunks.map((text) => ({ text }))
        })
      })
      const strata = yield* Strata.make({
        providers: [Strata.openAi(upstream, { models: streams.map((_, index) => modelOf(index)) })]
      })
      for (const [index, { chunks, expected, name }] of streams.entries()) {
        const session = `s-${index}`
        const user = { role: "user", content: "hi" }
        const answer = yield* Http.send(strata.url, "/v1/chat/completions", {
          method: "POST",
          headers: { "content-type": "application/json", "x-strata-session-id": session },
          body: JSON.stringify({ model: `upstream/${modelOf(index)}`, messages: [user], stream: true })
        })
        assert.strictEqual(answer.text, passed(chunks), name)

        const [response] = yield* strata.events({ sessionId: session, types: ["llm:response"] })
        const { finish_reason, response_id, usage } = payloadOf(response!) as Schema.JsonObject
        const { message, ...summary } = expected
        assert.deepStrictEqual<unknown>({ finish_reason, response_id, usage }, summary, name)

        const state = yield* Http.send(strata.url, `/v1/sessions/${session}/state`)
        assert.deepStrictEqual(field(state.json, "messages"), [user, message], name)
        const [turn] = field(state.json, "turns") as ReadonlyArray<unknown>
        assert.strictEqual(field(turn, "finish_reason"), expected.finish_reason, name)

        const fork = yield* Http.send(strata.url, `/v1/sessions/${session}/fork`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: "{}"
        })
        assert.deepStrictEqual(field(field(fork.json, "next_request"), "messages"), [user, message], name)
      }
      yield* strata.close
      const reports = yield* verify(strata.folder, streams.map((_, index) => `s-${index}`))
      assert.deepStrictEqual(
        reports.map(({ divergence, requests }) => [requests > 0, divergence]),
        streams.map(() => [true, undefined])
      )
    }), 60_000)
})
