/** A server looks after its providers by requests of `system`: in the log where they change something, and not otherwise. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { Keys } from "../support/Keys.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"

const bySystem = (strata: Strata) =>
  Effect.map(strata.events(), (events) => events.filter(({ principal }) => principal === "system"))

describe("requests of system", () => {
  it.live("register what a provider lists, and leave nothing when they find the same again", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]), models: ["m"] })
      const strata = yield* Strata.make({
        level: "raw",
        providers: [Strata.openAi(upstream)],
        supervision: { health_interval_ms: 5, health_timeout_ms: 2000 }
      })
      const lists = () => upstream.received.filter(({ method }) => method === "GET").length
      yield* Effect.suspend(() => lists() < 3 ? Effect.fail("too few") : Effect.void).pipe(
        Effect.delay("20 millis"),
        Effect.retry({ times: 400 })
      )
      const events = yield* bySystem(strata)
      const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]
      assert.deepStrictEqual(events.map(({ type }) => type), [
        ...levels("api:request"),
        "model:registered",
        "provider:healthy",
        ...levels("api:response")
      ])
      const [asked] = events
      for (const event of events) {
        assert.deepInclude(event, { requestId: asked!.requestId, sessionId: null })
        const { payload } = apis.catalog.find(event.type)!
        assert.isTrue(Schema.is(payload)(payloadOf(event)), event.type)
      }
      assert.deepNestedInclude(payloadOf(asked!), { operation: "system.discovery", "payload.provider_id": "upstream" })
      assert.deepNestedInclude(payloadOf(events.at(-3)!), {
        operation: "system.discovery",
        "payload.status": "ok",
        "payload.registered": 1
      })
    }))

  it.live("are kept apart from the request that leads to one, which they name", () =>
    Effect.gen(function*() {
      let models = ["m"]
      const list = () =>
        ScriptedAnswer.json(200, { object: "list", data: models.map((id) => ({ id, object: "model", created: 0 })) })
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]), list })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream)] })
      yield* strata.awaitEvents({ types: ["model:registered"] })
      models = ["m", "new"]
      // Something unknown makes a provider be asked again, five seconds after it was asked.
      yield* Effect.sleep("5 seconds")
      assert.strictEqual((yield* Http.send(strata.url, "/v1/models/unknown")).status, 404)
      const [, registered] = yield* strata.awaitEvents({ types: ["model:registered"] }, 2)
      assert.deepInclude(registered, { principal: "system", sessionId: null })
      const asked = yield* strata.events({ types: ["api:request"], requestId: registered!.requestId! })
      assert.deepStrictEqual(asked.map(({ id }) => id), [registered!.causationId])
      const client = Strata.ofClients(yield* strata.events({ types: ["api:request"] }))
      assert.deepNestedInclude(payloadOf(asked[0]!), {
        operation: "system.discovery",
        "payload.causation_id": client[0]!.id
      })
    }), 20_000)

  it.live("may do what no rule permits anybody, and count for no quota", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]), models: ["m"] })
      const strata = yield* Strata.make({
        level: "default",
        providers: [Strata.openAi(upstream)],
        auth: {
          providers: [Keys.provider({ alice: {} })],
          access_policy: [{ forbid: { actions: ["create", "read", "update", "delete"] } }]
        },
        quota: { authenticated_max_requests: 1, anonymous_max_requests: 1, period: "day" }
      })
      yield* strata.awaitEvents({ types: ["model:registered"] })
      const events = yield* bySystem(strata)
      assert.deepStrictEqual(events.map(({ type }) => type), [
        "api:request",
        "model:registered",
        "provider:healthy",
        "api:response"
      ])
      assert.strictEqual((yield* Http.send(strata.url, "/v1/models", { headers: Keys.headers("alice") })).status, 200)
      assert.strictEqual((yield* Http.send(strata.url, "/v1/models", { headers: Keys.headers("alice") })).status, 429)
    }))
})
