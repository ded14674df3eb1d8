/** What makes a provider type proven: its vendor's recorded answers come through it over HTTP, and nothing of them is lost. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { tokensIn } from "../../src/kernel/dialects/chat/WireUsage.ts"
import { canonical } from "./Canonical.ts"
import { scripted } from "./ExchangeBook.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import type { Exchange, Vendor } from "./Recordings.ts"
import { Recordings } from "./Recordings.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Strata } from "./Strata.ts"

export interface Proof {
  readonly type: string
  readonly vendor: Vendor
  /** At least so many answers are recorded. */
  readonly count: number
  readonly config: (url: string) => Schema.JsonObject
  /** What the vendor must get for a client's request; default: that request. */
  readonly sent?: (request: Schema.JsonObject) => Schema.JsonObject
  /** What a client asks; default: what was recorded. */
  readonly asks?: (request: Schema.JsonObject) => Schema.JsonObject
  /** Other requests of the provider, such as one for a token; undefined: it is none of them. */
  readonly besides?: (request: ReceivedRequest) => ScriptedAnswer | undefined
}

const same = (request: Schema.JsonObject) => request

const valuesOf = (text: string): ReadonlyArray<Schema.Json> =>
  text.split("\n\n").flatMap((frame) => frame.startsWith("data: {") ? [JSON.parse(frame.slice(6))] : [])

const finishOf = (values: ReadonlyArray<Schema.Json>): unknown =>
  values.flatMap((value) => Object(value).choices ?? []).map((choice) => Object(choice).finish_reason)
    .findLast((reason) => typeof reason === "string") ?? null

/** The client's answer is the vendor's, and the log says of it what the vendor says. */
const assertKept = (
  { answer }: Exchange,
  { json, status, text }: { readonly json: unknown; readonly status: number; readonly text: string },
  summary: Readonly<Record<string, unknown>> | undefined
) => {
  assert.strictEqual(status, answer.status)
  if (answer._tag === "Error") return assert.strictEqual(canonical(json as Schema.Json), canonical(answer.body))
  const values = answer._tag === "Json" ? [answer.body] : answer.chunks
  const got = answer._tag === "Json" ? [json as Schema.Json] : valuesOf(text)
  assert.strictEqual(canonical(got), canonical(values))
  if (answer._tag === "Stream") assert.isTrue(text.endsWith("data: [DONE]\n\n"))
  assert.strictEqual(summary?.["finish_reason"], finishOf(values))
  const usage = values.map(tokensIn).findLast((each) => each !== null) ?? null
  assert.deepStrictEqual(summary?.["usage"], usage)
}

export const recordedProof = ({ asks = same, besides, config, count, sent = same, type, vendor }: Proof) =>
  describe.skipIf(!Recordings.available)(`${type}, recorded traffic ${Recordings.reason}`, () => {
    it.live("comes through whole, is summed up, and is verified", () =>
      Effect.gen(function*() {
        const exchanges = Recordings.load({ vendors: [vendor], endpoint: "/v1/chat/completions" })
        assert.isAtLeast(exchanges.length, count)
        let current = exchanges[0]!
        const upstream = yield* FakeUpstream.make({
          respond: (request) => {
            const other = besides?.(request)
            if (other !== undefined) return other
            return request.method === "GET" ? ScriptedAnswer.json(200, { data: [] }) : scripted(current)
          }
        })
        const models = [...new Set(exchanges.map(({ request }) => String(request["model"])))]
        const strata = yield* Strata.make({
          level: "raw",
          providers: [{ provider_id: "v", provider_type: type, config: { models, ...config(upstream.url) } }]
        })
        for (const [index, exchange] of exchanges.entries()) {
          current = exchange
          const sessionId = `s${index}`
          const request = asks(exchange.request)
          const answered = yield* Http.post(
            strata.url,
            "/v1/chat/completions",
            { ...request, model: `v/${String(request["model"])}` },
            { "x-strata-session-id": sessionId }
          )
          const { body } = upstream.received.findLast(({ path }) => path.includes("/chat/completions"))!
          assert.strictEqual(canonical(body!), canonical(sent(request)))
          const [response] = yield* strata.events({ types: ["llm:response"], sessionId })
          assertKept(exchange, answered, response === undefined ? undefined : Object(payloadOf(response)))
          const { json } = yield* Http.post(strata.url, `/v1/sessions/${sessionId}/verify`, {})
          assert.deepInclude(Object(json), { status: "identical", requests: 1 }, sessionId)
        }
      }).pipe(Effect.scoped), 60_000)
  })
