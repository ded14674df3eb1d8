/** Calls over a provider's limits wait in order; what can't wait is answered 429, and the log decides in a verification. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { Chat } from "../../support/Chat.ts"
import { refusal, world } from "../../support/FailingVendor.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const slow = Chat.answering(["slow"], "60 millis")
const held = ScriptedAnswer.events([{ choices: [{ index: 0, delta: { content: "a" } }] }], { hold: true })

/** By the times of the log: a call runs from its sending to the end of its answer. */
const mostAtOnce = (events: ReadonlyArray<RecordedEvent>): number => {
  const steps = events.flatMap(({ time, type }) =>
    type === "llm:request:raw" ? [{ time, change: 1 }] : type === "llm:response" ? [{ time, change: -1 }] : []
  )
  let running = 0
  return Math.max(
    ...steps.sort((one, other) => one.time - other.time || one.change - other.change)
      .map(({ change }) => running += change)
  )
}

describe("a limit of calls at once", () => {
  it.live.each([false, true])("lets the others wait for their turn (streamed: %s)", (stream) =>
    Effect.gen(function*() {
      const { ask, payloads, strata, upstream, verified } = yield* world({
        config: { limits: { concurrency: 2 } },
        answer: (_, request) => slow(request)
      })
      const answers = yield* Effect.all(Array.from({ length: 6 }, () => ask({ stream })), { concurrency: "unbounded" })
      assert.deepStrictEqual(answers.map(({ status }) => status), Array(6).fill(200))
      assert.strictEqual(upstream.received.length, 6)
      assert.strictEqual(mostAtOnce(yield* strata.events()), 2)
      const events = yield* payloads("provider:throttle")
      assert.strictEqual(events.length, 4)
      for (const event of events) assert.deepInclude(event, { provider: "upstream", model: "m", reason: "concurrency" })
      const { divergence, requests } = yield* verified
      assert.deepStrictEqual([requests, divergence], [6, undefined])
      assert.strictEqual(upstream.received.length, 6)
    }).pipe(Effect.scoped))

  it.live("answers 429 in the client's form when the queue is full, and the call stands in the log", () =>
    Effect.gen(function*() {
      const { ask, payloads, strata, upstream, verified } = yield* world({
        config: { limits: { concurrency: 1, queue: 0 } },
        answer: (_, request) => ({ ...Chat.answering(["slow"])(request), delay: "300 millis" })
      })
      const first = yield* Effect.forkChild(ask())
      yield* upstream.awaitReceived(1)
      const { headers, json, status } = yield* ask()
      assert.strictEqual(status, 429)
      assert.strictEqual(Object(json).error.code, "provider_limit")
      assert.isAtLeast(Number(headers["retry-after"]), 1)
      const messages = yield* Http.post(strata.url, "/v1/messages", {
        model: "upstream/m",
        max_tokens: 1,
        messages: [{ role: "user", content: "Hello?" }]
      }, { "x-strata-session-id": "s" })
      assert.strictEqual(messages.status, 429)
      assert.strictEqual(Object(messages.json).error.type, "rate_limit_error")
      yield* Fiber.join(first)
      assert.strictEqual((yield* ask()).status, 200)
      assert.strictEqual((yield* payloads("llm:error")).length, 2)
      const { divergence, requests } = yield* verified
      assert.deepStrictEqual([requests, divergence], [4, undefined])
    }).pipe(Effect.scoped))

  it.live("is given back by a client that leaves, in the queue or in the middle of its stream", () =>
    Effect.gen(function*() {
      const { ask, strata, upstream } = yield* world({
        config: { limits: { concurrency: 1 } },
        answer: (n) => n === 1 ? held : undefined
      })
      const leaver = (asked: { readonly stream?: boolean }) =>
        Effect.forkChild(
          Effect.tryPromise((signal) =>
            fetch(`${strata.url}/v1/chat/completions`, { ...Chat.post(asked), signal }).then((answer) => answer.text())
          )
        )
      const streaming = yield* leaver({ stream: true })
      yield* upstream.awaitReceived(1)
      const waiting = yield* leaver({})
      yield* strata.awaitEvents({ types: ["provider:throttle"] }, 1)
      yield* Fiber.interrupt(waiting)
      yield* strata.awaitEvents({ types: ["api:error"] }, 1)
      const next = yield* Effect.forkChild(ask())
      yield* strata.awaitEvents({ types: ["provider:throttle"] }, 2)
      assert.strictEqual(upstream.received.length, 1)
      yield* Fiber.interrupt(streaming)
      assert.strictEqual((yield* Fiber.join(next)).status, 200)
      assert.strictEqual(upstream.received.length, 2)
    }).pipe(Effect.scoped))

  it.live("is given back between the attempts of a call", () =>
    Effect.gen(function*() {
      const { ask, upstream } = yield* world({
        config: { limits: { concurrency: 1 }, retry: { max_retries: 1, initial_delay_ms: 200 } },
        answer: (n) => n === 1 ? refusal(503) : undefined
      })
      const answers = yield* Effect.all([ask(), ask()], { concurrency: "unbounded" })
      assert.deepStrictEqual(answers.map(({ status }) => status), [200, 200])
      assert.strictEqual(upstream.received.length, 3)
    }).pipe(Effect.scoped))
})

describe("a limit of requests a minute", () => {
  it.live("answers 429 with retry-after where the wait would be too long", () =>
    Effect.gen(function*() {
      const { ask, upstream, verified } = yield* world({
        config: { limits: { requests_per_minute: 2 } },
        answer: () => undefined
      })
      const answers = [yield* ask(), yield* ask(), yield* ask()]
      assert.deepStrictEqual(answers.map(({ status }) => status), [200, 200, 429])
      assert.isAtLeast(Number(answers[2]!.headers["retry-after"]), 50)
      assert.strictEqual(upstream.received.length, 2)
      assert.isUndefined((yield* verified).divergence)
    }).pipe(Effect.scoped))
})
