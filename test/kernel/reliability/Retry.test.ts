/** A call that failed in a way that may pass is made again, as the configuration says, and a verification does not wait. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { cutOff, refusal, world } from "../../support/FailingVendor.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const retry = { max_retries: 2, initial_delay_ms: 5, max_delay_ms: 20 }

const cases = [
  { name: "429", answer: refusal(429), type: "RateLimitError" },
  { name: "500", answer: refusal(500), type: "ProviderUnavailableError" },
  { name: "503 that is no JSON", answer: { ...refusal(503), body: "<html>" }, type: "ProviderUnavailableError" },
  { name: "a connection that breaks", answer: { ...cutOff, status: 500 }, type: "NetworkError" },
  { name: "400 that the vendor marks", answer: refusal(400, { "x-should-retry": "true" }), type: "InvalidRequestError" }
]

describe("a vendor that fails once", () => {
  it.live.each(cases.flatMap((each) => [false, true].map((stream) => ({ ...each, stream }))))(
    "by $name is asked again (streamed: $stream), and the session verifies without waiting",
    ({ answer, stream, type }) =>
      Effect.gen(function*() {
        const { ask, payloads, strata, upstream, verified } = yield* world({
          config: { retry: { ...retry, initial_delay_ms: 20 } },
          answer: (n) => n === 1 ? answer : undefined
        })
        const { status, text } = yield* ask({ stream })
        assert.strictEqual(status, 200, text)
        assert.include(text, "fine")
        assert.strictEqual(upstream.received.length, 2)
        const [event, ...more] = yield* payloads("provider:retry")
        assert.deepStrictEqual(more, [])
        assert.deepInclude(event, { provider: "upstream", model: "m", attempt: 1, max_retries: 2, retry_after: null })
        assert.strictEqual(event.error.type, type)
        assert.isAtLeast(event.delay_ms, 10)
        const calls = yield* strata.events({ types: ["llm:request", "llm:error", "llm:response", "provider:retry"] })
        assert.deepStrictEqual(calls.map((each) => [each.type, each.attempt]), [
          ["llm:request", 1],
          ["llm:error", 1],
          ["provider:retry", 1],
          ["llm:request", 2],
          ["llm:response", 2]
        ])
        const [asked, failed, retried, again] = calls
        assert.strictEqual(failed?.causationId, asked?.id)
        assert.strictEqual(retried?.causationId, failed?.id)
        assert.strictEqual(again?.causationId, retried?.id)
        const { divergence, requests } = yield* verified
        assert.deepStrictEqual([requests, divergence], [1, undefined])
        assert.strictEqual(upstream.received.length, 2)
      }).pipe(Effect.scoped)
  )
})

describe("a stream that breaks before anything of it is there", () => {
  it.live("is asked for again, and verifies", () =>
    Effect.gen(function*() {
      const { ask, payloads, upstream, verified } = yield* world({
        config: { retry },
        answer: (n) => n === 1 ? { ...cutOff, status: 200 } : undefined
      })
      const { status, text } = yield* ask({ stream: true })
      assert.strictEqual(status, 200)
      assert.include(text, "fine")
      assert.strictEqual(upstream.received.length, 2)
      assert.strictEqual((yield* payloads("provider:retry")).length, 1)
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))
})

describe("what is not made again", () => {
  it.live.each([
    { name: "a request that is wrong", answer: refusal(400) },
    { name: "a key that is refused", answer: refusal(401) },
    { name: "an account without credit", answer: refusal(429, {}, "insufficient_quota") },
    { name: "what the vendor marks", answer: refusal(500, { "x-should-retry": "false" }) },
    { name: "what is to wait longer than the deadline", answer: refusal(429, { "retry-after": "120" }) }
  ])("is $name: the refusal goes to the client as it came", ({ answer }) =>
    Effect.gen(function*() {
      const { ask, payloads, upstream, verified } = yield* world({ config: { retry }, answer: () => answer })
      const { headers, status, text } = yield* ask()
      assert.strictEqual(status, answer._tag === "Fixed" ? answer.status : 0)
      assert.include(text, "refused by")
      if (text.includes("429")) assert.isString(headers["retry-after"] ?? "none")
      assert.strictEqual(upstream.received.length, 1)
      assert.deepStrictEqual(yield* payloads("provider:retry"), [])
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))

  it.live("is a stream that breaks once its answer has begun", () =>
    Effect.gen(function*() {
      const { ask, payloads, upstream } = yield* world({
        config: { retry },
        answer: () => ScriptedAnswer.events([{ choices: [{ index: 0, delta: { content: "a" } }] }], { destroyAfter: 1 })
      })
      yield* ask({ stream: true })
      assert.strictEqual(upstream.received.length, 1)
      assert.deepStrictEqual(yield* payloads("provider:retry"), [])
    }).pipe(Effect.scoped))

  it.live("is anything where the configuration does not say it", () =>
    Effect.gen(function*() {
      const { ask, upstream } = yield* world({ config: {}, answer: () => refusal(503) })
      assert.strictEqual((yield* ask()).status, 503)
      assert.strictEqual(upstream.received.length, 1)
    }).pipe(Effect.scoped))
})

describe("a vendor that goes on failing", () => {
  it.live("is asked as often as the configuration says, and its last refusal goes to the client", () =>
    Effect.gen(function*() {
      const { ask, payloads, upstream, verified } = yield* world({ config: { retry }, answer: (n) => refusal(500 + n) })
      assert.strictEqual((yield* ask()).status, 503)
      assert.strictEqual(upstream.received.length, 3)
      const events = yield* payloads("provider:retry")
      assert.deepStrictEqual(events.map(({ attempt }) => attempt), [1, 2])
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))

  it.live("is never asked sooner than it wants", () =>
    Effect.gen(function*() {
      const { ask, payloads, sentAt } = yield* world({
        config: { retry },
        answer: (n) => n === 1 ? refusal(429, { "retry-after-ms": "120" }) : undefined
      })
      assert.strictEqual((yield* ask()).status, 200)
      assert.isAtLeast(sentAt[1]! - sentAt[0]!, 119)
      const [event] = yield* payloads("provider:retry")
      assert.strictEqual(event.retry_after, 0.12)
      assert.isAtLeast(event.delay_ms, 120)
    }).pipe(Effect.scoped))
})
