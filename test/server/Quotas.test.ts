/** How many requests each may make: exactly so many pass, however many come at once. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { RateLimitError } from "openai"
import { apis } from "../../src/apis/Apis.ts"
import * as MemoryStore from "../../src/events/memory/MemoryStore.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Quota } from "../../src/kernel/access/QuotaConfiguration.ts"
import { Quotas } from "../../src/server/Quotas.ts"
import { Http } from "../support/Http.ts"
import { Keys } from "../support/Keys.ts"
import { Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const day = { period: "day" } as const
const auth = { providers: [Keys.provider({ alice: {}, "alice-2": { principal: "alice" }, bob: {} })] }

const list = (url: string, name?: string) =>
  Http.send(url, "/v1/models", name === undefined ? {} : { headers: Keys.headers(name) })

const statuses = (answers: ReadonlyArray<{ readonly status: number }>) =>
  Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([status, all]) => [status, all.length]))

const counted = (quota: typeof Quota.Encoded) =>
  Quotas.layer(Schema.decodeSync(Quota)(quota)).pipe(
    Layer.provide(MemoryStore.layer),
    Layer.provide(apis.catalog.upcasting)
  )

const alice = { id: "alice", attributes: {} }

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }))

describe("Quotas", () => {
  it.live.prop(
    "let exactly as many requests pass as they say, however many come at once",
    { limit: upTo(12), requests: upTo(40) },
    ({ limit, requests }) =>
      Effect.gen(function*() {
        const strata = yield* Strata.make({ auth, quota: { ...day, authenticated_max_requests: limit } })
        const names = Array.from({ length: requests }, (_, index) => index % 2 === 0 ? "alice" : "alice-2")
        const answers = yield* Effect.forEach(names, (name) => list(strata.url, name), { concurrency: "unbounded" })
        const [passed, refused] = [Math.min(limit, requests), Math.max(0, requests - limit)]
        assert.deepStrictEqual(statuses(answers), {
          ...passed === 0 ? {} : { 200: passed },
          ...refused === 0 ? {} : { 429: refused }
        })
        yield* strata.awaitEvents({ types: ["policy:violation"] }, refused)
        assert.strictEqual((yield* list(strata.url, "bob")).status, 200)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 5 } }
  )

  it.live("refuse with 429, the seconds to wait, OpenAI's envelope and an event; what is public goes on", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({ auth, quota: { period: "hour", authenticated_max_requests: 1 } })
      assert.strictEqual((yield* list(strata.url, "alice")).status, 200)
      const answer = yield* list(strata.url, "alice")
      const wait = Number(answer.headers["retry-after"])
      assert.isTrue(Number.isInteger(wait) && wait >= 1 && wait <= 3600)
      const message = `The quota of 1 request a hour is used up. It begins anew in ${wait} s.`
      assert.deepStrictEqual<unknown>(answer.json, {
        error: { message, type: "requests", param: null, code: "rate_limit_exceeded" }
      })
      const [violation] = yield* strata.awaitEvents({ types: ["policy:violation"] })
      assert.deepStrictEqual([violation?.principal, violation?.requestId], ["alice", answer.headers["x-request-id"]])
      assert.deepInclude(Object(payloadOf(violation!)), {
        kind: "quota",
        method: "GET",
        path: "/v1/models",
        rule: null
      })
      assert.strictEqual((yield* strata.events({ requestId: String(violation?.requestId) })).length, 1)
      for (const path of ["/v1/health", "/v1/version"]) {
        assert.strictEqual((yield* Http.send(strata.url, path, { headers: Keys.headers("alice") })).status, 200)
      }
      const failure = yield* Effect.flip(
        Effect.tryPromise(() => Sdk.make(strata.url, { apiKey: Keys.keyOf("alice") }).models.list())
      )
      assert.instanceOf(failure.cause, RateLimitError)
    }).pipe(Effect.scoped))

  it.live("count the anonymous by their address, and go on counting after a restart", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const quota = { ...day, anonymous_max_requests: 3 }
      const first = yield* Strata.make({ folder, quota })
      assert.deepStrictEqual(statuses([yield* list(first.url), yield* list(first.url)]), { 200: 2 })
      yield* first.close
      const second = yield* Strata.make({ folder, quota })
      assert.deepStrictEqual(statuses([yield* list(second.url), yield* list(second.url)]), { 200: 1, 429: 1 })
      const [violation] = yield* second.awaitEvents({ types: ["policy:violation"] })
      assert.strictEqual(violation?.principal, null)
    }).pipe(Effect.scoped))

  it.live("count no request that was not authenticated", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({ auth, quota: { ...day, authenticated_max_requests: 1 } })
      const refused = yield* Effect.replicateEffect(list(strata.url), 5)
      assert.deepStrictEqual(statuses(refused), { 401: 5 })
      assert.strictEqual((yield* list(strata.url, "alice")).status, 200)
    }).pipe(Effect.scoped))

  for (const [period, milliseconds] of [["minute", 60_000], ["hour", 3_600_000], ["day", 86_400_000]] as const) {
    it.effect(`begin anew with each ${period} of UTC`, () =>
      Effect.gen(function*() {
        const quotas = yield* Quotas
        yield* TestClock.setTime(milliseconds * 100 + milliseconds - 2500)
        assert.isUndefined(yield* quotas.take(alice, "x"))
        assert.isUndefined(yield* quotas.take(alice, "x"))
        assert.deepStrictEqual(yield* quotas.take(alice, "x"), { limit: 2, period, retryAfter: 3 })
        yield* TestClock.adjust(2499)
        assert.deepStrictEqual(yield* quotas.take(alice, "x"), { limit: 2, period, retryAfter: 1 })
        yield* TestClock.adjust(1)
        assert.isUndefined(yield* quotas.take(alice, "x"))
      }).pipe(Effect.provide(counted({ period, authenticated_max_requests: 2 }))))
  }

  it.effect("keep principals, addresses and both kinds apart", () =>
    Effect.gen(function*() {
      const quotas = yield* Quotas
      const asked = [alice, { ...alice, id: "bob" }, null, { ...alice, id: "1.2.3.4" }] as const
      for (const principal of asked) assert.isUndefined(yield* quotas.take(principal, "1.2.3.4"))
      assert.isUndefined(yield* quotas.take(null, "5.6.7.8"))
      for (const principal of asked) assert.isDefined(yield* quotas.take(principal, "1.2.3.4"))
    }).pipe(Effect.provide(counted({ ...day, authenticated_max_requests: 1, anonymous_max_requests: 1 }))))
})
