/** An answer of status 200 that says at its beginning that it failed is asked for again; one that fails later is not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Chat } from "../../support/Chat.ts"
import { world } from "../../support/FailingVendor.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"
import * as Verify from "../../support/verify.ts"

const retry = { max_retries: 1, initial_delay_ms: 5 }

const overloaded = { error: { message: "Overloaded", type: "overloaded_error", param: null, code: null } }
const chunk = {
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: { content: "It" }, finish_reason: null }]
}

const first = Vendors.frames([": OPENROUTER PROCESSING\n\n", `data: ${JSON.stringify(overloaded)}\n\n`])
const held = { ...first, hold: true }
const later = Vendors.frames([`data: ${JSON.stringify(chunk)}\n\n`, `data: ${JSON.stringify(overloaded)}\n\n`])
const wrong = Vendors.frames([
  `data: ${JSON.stringify({ error: { ...overloaded.error, type: "invalid_request_error" } })}\n\n`
])

describe("an answer of status 200 that is none", () => {
  it.live.each([
    { name: "the first frame of a stream", answer: first, stream: true },
    { name: "the first frame of a stream that stays open", answer: held, stream: true },
    { name: "a whole body", answer: ScriptedAnswer.json(200, overloaded), stream: false }
  ])("is asked for again: $name", ({ answer, stream }) =>
    Effect.gen(function*() {
      const { ask, payloads, upstream, verified } = yield* world({
        config: { retry },
        answer: (n) => n === 1 ? answer : undefined
      })
      const { text } = yield* ask({ stream })
      assert.include(text, "fine")
      assert.notInclude(text, "Overloaded")
      assert.strictEqual(upstream.received.length, 2)
      const [event] = yield* payloads("provider:retry")
      assert.strictEqual(event.error.type, "ProviderUnavailableError")
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))

  it.live("goes to the client as it came where retries do not help", () =>
    Effect.gen(function*() {
      const { ask, upstream, verified } = yield* world({ config: { retry }, answer: () => first })
      const { status, text } = yield* ask({ stream: true })
      assert.strictEqual(status, 200)
      assert.include(text, "Overloaded")
      assert.strictEqual(upstream.received.length, 2)
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))

  it.live.each([{ name: "what is wrong with the request", answer: wrong }, {
    name: "one that has begun",
    answer: later
  }])(
    "is not asked for again: $name",
    ({ answer }) =>
      Effect.gen(function*() {
        const { ask, upstream, verified } = yield* world({ config: { retry }, answer: () => answer })
        assert.include((yield* ask({ stream: true })).text, "Overloaded")
        assert.strictEqual(upstream.received.length, 1)
        assert.isUndefined((yield* verified).divergence)
      }).pipe(Effect.scoped)
  )

  it.live("is asked for again in Anthropic's words, too", () =>
    Effect.gen(function*() {
      let calls = 0
      const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }
      const vendor = yield* FakeUpstream.make({
        respond: () => ++calls === 1 ? Vendors.messageEvents(error) : Vendors.message([{ type: "text", text: "fine" }])
      })
      const strata = yield* Strata.make({ level: "raw", providers: [Vendors.entry("anthropic", vendor, { retry })] })
      const { text } = yield* Http.post(strata.url, "/v1/messages", {
        model: "anthropic/m",
        max_tokens: 9,
        stream: true,
        messages: [{ role: "user", content: "Hello?" }]
      }, { "x-strata-session-id": "s" })
      assert.include(text, "fine")
      assert.strictEqual(calls, 2)
      assert.deepStrictEqual((yield* Verify.verify(strata.folder, ["s"])).map(({ divergence }) => divergence), [
        undefined
      ])
    }).pipe(Effect.scoped))
})

describe("a breaker", () => {
  it.live.each([
    { name: "that break off midway", answer: { ...later, destroyAfter: 1 } },
    { name: "that say midway that they failed", answer: later }
  ])("counts streams $name", ({ answer }) =>
    Effect.gen(function*() {
      const { ask, strata, upstream } = yield* world({
        config: { breaker: { failures: 2, open_ms: 60_000 } },
        answer: () => answer as ScriptedAnswer
      })
      yield* ask({ stream: true })
      yield* ask({ stream: true })
      yield* strata.awaitEvents({ types: ["provider:breaker_opened"] })
      assert.strictEqual((yield* ask({ stream: true })).status, 503)
      assert.strictEqual(upstream.received.length, 2)
    }).pipe(Effect.scoped))

  it.live("does not count a client that leaves midway", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* world({
        config: { breaker: { failures: 1, open_ms: 60_000 } },
        answer: (n) =>
          n === 1
            ? { ...Vendors.frames([`data: ${JSON.stringify(chunk)}\n\n`]), hold: true } as ScriptedAnswer
            : undefined
      })
      const body = { model: "upstream/m", stream: true, messages: [{ role: "user", content: "?" }] }
      yield* Http.readUntil(strata.url, "/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body)
      }, (text) => text.includes("It"))
      yield* upstream.awaitAborted(1)
      assert.strictEqual((yield* Http.post(strata.url, "/v1/chat/completions", { ...body, stream: false })).status, 200)
    }).pipe(Effect.scoped))
})

describe("a client that leaves while a retry waits", () => {
  it.live("ends the request: nobody is asked for it any more, and its session has an end", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* world({
        config: { retry: { max_retries: 5, initial_delay_ms: 30_000, max_delay_ms: 30_000, jitter: 0 } },
        answer: () => ScriptedAnswer.error(503, "Down", null, "server_error")
      })
      const { body, headers } = Chat.post({ session: "s" })
      const asking = yield* Effect.forkChild(
        Effect.tryPromise((signal) =>
          fetch(`${strata.url}/v1/chat/completions`, { method: "POST", headers: { ...headers }, body: body!, signal })
        )
      )
      yield* strata.awaitEvents({ types: ["provider:retry"] })
      yield* Fiber.interrupt(asking)
      const [ended] = yield* strata.awaitEvents({ types: ["api:error", "api:response"], sessionId: "s" })
      assert.strictEqual(ended?.sessionId, "s")
      assert.strictEqual(upstream.received.length, 1)
    }).pipe(Effect.scoped))
})
