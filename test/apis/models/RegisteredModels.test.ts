/** Models that the configuration registers, at every start. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { Chat } from "../../support/Chat.ts"
import { Http } from "../../support/Http.ts"
import { fast, given, house, ids, post, remove } from "../../support/ModelRegistrations.ts"
import type { StrataOptions } from "../../support/Strata.ts"
import { Strata } from "../../support/Strata.ts"
import { verify } from "../../support/verify.ts"

describe("registered_resources", () => {
  it.live("are registered at every start, replaced when they change, and gone with the configuration", () =>
    Effect.gen(function*() {
      const { other, strata, upstream } = yield* given({ models: [{ ...fast, model_id: "house" }] })
      assert.include(yield* ids(strata), "house")
      yield* Chat.ask(strata.url, { model: "house" })
      assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "small")
      yield* strata.close
      const start = (models: StrataOptions["models"]) =>
        Strata.make({
          folder: strata.folder,
          providers: [Strata.openAi(upstream), Strata.openAi(other, { models: ["only"] }, "other")],
          ...models === undefined ? {} : { models }
        })
      yield* Effect.scoped(Effect.gen(function*() {
        const changed = yield* start([house])
        yield* Chat.ask(changed.url, { model: "house" })
        assert.strictEqual(Object(other.received.at(-1)?.body).model, "only")
        yield* changed.close
      }))
      const last = yield* start(undefined)
      assert.notInclude(yield* ids(last), "house")
      const told = (yield* last.events({ types: ["model:*"] })).filter((event) =>
        Object(payloadOf(event)).model_id === "house"
      )
      assert.deepStrictEqual(told.map(({ type }) => type), [
        "model:registered",
        "model:registered",
        "model:unregistered"
      ])
    }))

  it.live("have the type and the metadata that the configuration says, and are registered anew when these change", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given()
      yield* strata.close
      const start = (speed: number) =>
        Effect.scoped(Effect.gen(function*() {
          const metadata = { speed }
          const started = yield* Strata.make({
            folder: strata.folder,
            providers: [Strata.openAi(upstream)],
            models: [{ ...fast, model_id: "house", model_type: "embedding", metadata }]
          })
          const { json } = yield* Http.send(started.url, "/v1/models/house")
          const told = (yield* started.events({ types: ["model:registered"] }))
            .filter((event) => Object(payloadOf(event)).model_id === "house")
          yield* started.close
          return { metadata: Object(json).custom_metadata, events: told.length }
        }))
      const said = { model_type: "embedding", provider_id: "upstream", provider_resource_id: "small" }
      assert.deepStrictEqual(yield* start(9), { metadata: { ...said, speed: 9 }, events: 1 })
      assert.deepStrictEqual(yield* start(9), { metadata: { ...said, speed: 9 }, events: 1 })
      assert.deepStrictEqual(yield* start(5), { metadata: { ...said, speed: 5 }, events: 2 })
    }))

  it.live("a session that asked by a registered name replays when the name is gone", () =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      yield* post(strata, fast)
      const headers = { "x-strata-session-id": "s" }
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "fast", session: "s" })).status, 200)
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "upstream/unlisted", session: "s" })).status, 200)
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "large", session: "s", stream: true })).status, 200)
      yield* post(strata, { ...fast, model_id: "slow" }, headers)
      yield* remove(strata, "fast", headers)
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "fast", session: "s" })).status, 404)
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["s"])
      assert.isUndefined(report?.divergence)
      assert.deepStrictEqual([report?.requests, report?.skipped.length], [6, 2])
      for (const { reason } of report?.skipped ?? []) assert.include(reason, "not run again")
    }))
})
