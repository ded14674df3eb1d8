/** Whatever clients send and vendors answer: every stored event is as its definition in the catalog says. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { inject } from "vitest"
import { apis } from "../../src/apis/Apis.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import * as HostileRequests from "../support/HostileRequests.ts"
import * as HostileVendor from "../support/HostileVendor.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"

declare module "vitest" {
  interface ProvidedContext {
    readonly propertyRounds: number
  }
}

const runs = inject("propertyRounds")

const decoders = new Map(
  apis.catalog.definitions.map(({ payload, type }) =>
    [type, Schema.decodeUnknownResult(payload as Schema.Codec<unknown>, { onExcessProperty: "error" })] as const
  )
)

/** What is wrong with a stored event; undefined: nothing. */
const fault = (event: RecordedEvent): string | undefined => {
  const definition = apis.catalog.find(event.type)
  if (definition === undefined) return `${event.type} is not in the catalog`
  if (event.schemaVersion !== definition.version) return `${event.type} has version ${event.schemaVersion}`
  if (event.level !== definition.level) return `${event.type} has level ${event.level}`
  const decoded = decoders.get(event.type)!(payloadOf(event))
  return Result.isFailure(decoded)
    ? `${event.type}: ${String(decoded.failure).slice(0, 3000)}\n${event.payload.slice(0, 1000)}`
    : undefined
}

describe("stored events", () => {
  it.live.prop(
    "decode with their definition's Schema, whatever is asked and answered",
    {
      all: Schema.Array(HostileRequests.Asked).check(Schema.isMinLength(60), Schema.isMaxLength(120)),
      answers: Schema.Array(HostileVendor.Answer).check(Schema.isMinLength(12), Schema.isMaxLength(30))
    },
    ({ all, answers }) =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({
          models: ["m"],
          respond: ({ body }) =>
            HostileVendor.toScripted(answers[Math.abs(Number(Object(body).vendor) || 0) % answers.length]!)
        })
        const strata = yield* Strata.make({
          level: "raw",
          logging: "none",
          providers: [Strata.openAi(upstream, { api_key: "Configured-0123456789", timeout_ms: 2000 })]
        })
        yield* Effect.forEach(all, (asked, index) => {
          const { options, path } = HostileRequests.toHttp(apis.operations, asked, index)
          return Effect.ignoreCause(Http.send(strata.url, path, options))
        }, { concurrency: 8 })
        // Each answer also reaches who asked as it should be, at once or as a stream.
        yield* Effect.forEach(answers, (_, vendor) => {
          const asked = { model: "upstream/m", messages: [{ role: "user", content: "Hello?" }], vendor }
          return Http.post(strata.url, "/v1/chat/completions", { ...asked, stream: vendor % 2 === 0 }).pipe(
            Effect.ignoreCause
          )
        }, { concurrency: 8 })
        const events = yield* strata.events()
        assert.isAbove(events.length, 0)
        const faults = events.flatMap((event) => fault(event) ?? [])
        assert.strictEqual(faults.length, 0, faults.join("\n"))
      }).pipe(Effect.scoped),
    { timeout: Math.max(60_000, runs * 5000), arbitrary: { runs } }
  )
})
