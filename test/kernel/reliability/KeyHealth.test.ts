/** Several keys of a vendor: used in turn, left out when refused, rested when limited, and in no event. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { refusal, world } from "../../support/FailingVendor.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"

const first = "sk-first-0123456789abcdef"
const second = "sk-second-0123456789abcdef"
const third = "sk-third-0123456789abcdef"

const keyOf = ({ headers }: ReceivedRequest) => String(headers["authorization"]).replace("Bearer ", "")

const config = { api_keys: [first, { name: "team", key: second }, third] }

describe("several keys", () => {
  it.live("are used in turn; events and the providers API name them and never show them", () =>
    Effect.gen(function*() {
      const { ask, payloads, strata, upstream, verified } = yield* world({ config, answer: () => undefined })
      for (let n = 0; n < 4; n++) assert.strictEqual((yield* ask({ stream: n % 2 === 1 })).status, 200)
      assert.deepStrictEqual(upstream.received.map(keyOf), [first, second, third, first])
      assert.deepStrictEqual((yield* payloads("provider:key_selected")).map(({ key }) => key), [
        "#1",
        "team",
        "#3",
        "#1"
      ])
      const log = JSON.stringify(yield* strata.events())
      const { text } = yield* Http.send(strata.url, "/v1/providers")
      for (const key of [first, second, third]) {
        assert.notInclude(log, key)
        assert.notInclude(text, key)
      }
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))

  it.live("do not go with a request whose client sent its own", () =>
    Effect.gen(function*() {
      const { payloads, strata, upstream } = yield* world({ config, answer: () => refusal(401) })
      const { status } = yield* Http.post(strata.url, "/v1/chat/completions", {
        model: "upstream/m",
        messages: [{ role: "user", content: "Hello?" }]
      }, { "x-strata-provider-data": JSON.stringify({ upstream: { api_key: "sk-own-0123456789" } }) })
      assert.strictEqual(status, 401)
      assert.deepStrictEqual(upstream.received.map(keyOf), ["sk-own-0123456789"])
      assert.deepStrictEqual(yield* payloads("provider:key_selected", "provider:retry"), [])
    }).pipe(Effect.scoped))
})

describe("a key that its vendor refuses", () => {
  it.live.each([401, 403])(
    "by %i is left out: the client gets an answer by another, also without retries",
    (status) =>
      Effect.gen(function*() {
        const { ask, payloads, upstream, verified } = yield* world({
          config,
          answer: (_, request) => keyOf(request) === first ? refusal(status) : undefined
        })
        for (let n = 0; n < 3; n++) assert.strictEqual((yield* ask()).status, 200)
        assert.deepStrictEqual(upstream.received.map(keyOf), [first, second, third, second])
        const [event, ...more] = yield* payloads("provider:retry")
        assert.deepStrictEqual(more, [])
        assert.deepInclude(event, { key: "#1", delay_ms: 0, attempt: 1, max_retries: 0 })
        assert.isUndefined((yield* verified).divergence)
        assert.strictEqual(upstream.received.length, 4)
      }).pipe(Effect.scoped)
  )

  it.live("is asked again when all are refused, and the refusal goes to the client", () =>
    Effect.gen(function*() {
      let isOut = true
      const { ask, upstream, verified } = yield* world({
        config,
        answer: () => isOut ? refusal(401) : undefined
      })
      assert.strictEqual((yield* ask()).status, 401)
      assert.deepStrictEqual(upstream.received.map(keyOf), [first, second, third])
      isOut = false
      assert.strictEqual((yield* ask()).status, 200)
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))
})

describe("a key that its vendor limits", () => {
  it.live("rests until retry-after, and another is used at once", () =>
    Effect.gen(function*() {
      const { ask, upstream, verified } = yield* world({
        config,
        answer: (n) => n === 1 ? refusal(429, { "retry-after": "60" }) : undefined
      })
      for (let n = 0; n < 3; n++) assert.strictEqual((yield* ask()).status, 200)
      assert.deepStrictEqual(upstream.received.map(keyOf), [first, second, third, second])
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))

  it.live("is not used before that: when all rest, the client is told when to come back, and nobody is asked", () =>
    Effect.gen(function*() {
      const { ask, upstream, verified } = yield* world({
        config,
        answer: () => refusal(429, { "retry-after": "60" })
      })
      assert.strictEqual((yield* ask()).status, 429)
      const { headers, json, status } = yield* ask()
      assert.strictEqual(status, 429)
      assert.strictEqual(Object(json).error.code, "keys_resting")
      assert.isAtMost(Number(headers["retry-after"]), 60)
      assert.strictEqual(upstream.received.length, 3)
      const { divergence, requests } = yield* verified
      assert.deepStrictEqual([requests, divergence], [2, undefined])
    }).pipe(Effect.scoped))

  it.live("is waited for where retries are configured", () =>
    Effect.gen(function*() {
      const { ask, sentAt, upstream, verified } = yield* world({
        config: { ...config, retry: { max_retries: 1 } },
        answer: (n) => n <= 3 ? refusal(429, { "retry-after-ms": "150" }) : undefined
      })
      assert.strictEqual((yield* ask()).status, 200)
      assert.strictEqual(upstream.received.length, 4)
      assert.isAtLeast(sentAt[3]! - sentAt[2]!, 149)
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))
})
