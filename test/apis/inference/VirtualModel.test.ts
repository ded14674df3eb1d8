/** A model that stands for several: one of them answers, every choice is in the log, and a verification makes none. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { ModelRouting } from "../../../src/kernel/resources/ModelRouting.ts"
import { Chat } from "../../support/Chat.ts"
import { refusal } from "../../support/FailingVendor.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import type { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"
import * as Verify from "../../support/verify.ts"

interface World {
  readonly routing: ModelRouting
  readonly first?: () => ScriptedAnswer | undefined
  readonly second?: () => ScriptedAnswer | undefined
}

const chain: ModelRouting = { targets: [{ model: "one/m" }, { model: "two/m" }] }

const given = ({ first = () => undefined, routing, second = () => undefined }: World) =>
  Effect.gen(function*() {
    const [one, two] = [
      yield* FakeUpstream.make({ respond: (request) => first() ?? Chat.answering(["from one"])(request) }),
      yield* FakeUpstream.make({ respond: (request) => second() ?? Chat.answering(["from two"])(request) })
    ]
    const strata = yield* Strata.make({
      level: "raw",
      providers: [
        Strata.openAi(one, { models: ["m"] }, "one"),
        Strata.openAi(two, { models: ["m"], retry: { max_retries: 1, initial_delay_ms: 5 } }, "two")
      ],
      models: [{ model_id: "fast", provider_id: "one", provider_model_id: "m", routing }]
    })
    return {
      one,
      two,
      strata,
      ask: (asked: Parameters<typeof Chat.ask>[1] = {}) =>
        Chat.ask(strata.url, { model: "fast", session: "s", ...asked }),
      payloads: (...types: ReadonlyArray<string>) =>
        Effect.map(strata.events({ types }), (events) => events.map((event) => Object(payloadOf(event)))),
      divergences: (...sessions: ReadonlyArray<string>) =>
        Effect.map(Verify.verify(strata.folder, sessions), (reports) => reports.map(({ divergence }) => divergence))
    }
  })

describe("a chain of models", () => {
  it.live.each([false, true])(
    "asks the next when the first fails, and says so to the client (streamed: %s)",
    (stream) =>
      Effect.gen(function*() {
        const { ask, divergences, one, payloads, strata, two } = yield* given({
          routing: chain,
          first: () => refusal(503)
        })
        const { headers, status, text } = yield* ask({ stream })
        assert.strictEqual(status, 200, text)
        assert.include(text, "from two")
        assert.strictEqual(headers["x-strata-degradation"], "one/m -> two/m")
        const [event, ...more] = yield* payloads("provider:fallback")
        assert.deepStrictEqual(more, [])
        assert.deepInclude(event, { model: "fast", from: "one/m", to: "two/m", asked: true })
        assert.strictEqual(event.error.type, "ProviderUnavailableError")
        const [degraded] = yield* payloads("provider:request_degraded")
        assert.deepInclude(degraded.degradations[0], { requested: "one/m", actual: "two/m" })
        const types = ["provider:route_selected", "llm:request", "llm:error", "provider:fallback", "llm:response"]
        const events = yield* strata.events({ types })
        assert.deepStrictEqual(events.map(({ type }) => type), [
          "provider:route_selected",
          "llm:request",
          "llm:error",
          "provider:fallback",
          "llm:request",
          "llm:response"
        ])
        assert.strictEqual(events[1]?.causationId, events[0]?.id)
        assert.strictEqual(events[4]?.causationId, events[3]?.id)
        assert.deepStrictEqual(yield* divergences("s"), [undefined])
        assert.deepStrictEqual([one.received.length, two.received.length], [1, 1])
      }).pipe(Effect.scoped)
  )

  it.live("goes on after the retries of a target, whose calls stand in the log each", () =>
    Effect.gen(function*() {
      const { ask, divergences, payloads, two } = yield* given({
        routing: { targets: [{ model: "two/m" }, { model: "one/m" }] },
        second: () => refusal(500)
      })
      assert.include((yield* ask()).text, "from one")
      assert.strictEqual(two.received.length, 2)
      assert.strictEqual((yield* payloads("provider:retry")).length, 1)
      assert.strictEqual((yield* payloads("provider:fallback")).length, 1)
      assert.deepStrictEqual(yield* divergences("s"), [undefined])
    }).pipe(Effect.scoped))

  it.live("asks nobody else where the request itself is wrong", () =>
    Effect.gen(function*() {
      const { ask, divergences, two } = yield* given({ routing: chain, first: () => refusal(400) })
      assert.strictEqual((yield* ask()).status, 400)
      assert.strictEqual(two.received.length, 0)
      assert.deepStrictEqual(yield* divergences("s"), [undefined])
    }).pipe(Effect.scoped))

  it.live("gives what the last says when all fail", () =>
    Effect.gen(function*() {
      const { ask, divergences } = yield* given({
        routing: chain,
        first: () => refusal(503),
        second: () => refusal(529)
      })
      assert.strictEqual((yield* ask()).status, 529)
      assert.deepStrictEqual(yield* divergences("s"), [undefined])
    }).pipe(Effect.scoped))

  it.live("passes over a target that nobody serves, without a call", () =>
    Effect.gen(function*() {
      const { ask, divergences, payloads } = yield* given({
        routing: { targets: [{ model: "gone/m" }, { model: "two/m" }] }
      })
      assert.include((yield* ask()).text, "from two")
      const [event] = yield* payloads("provider:fallback")
      assert.deepInclude(event, { from: "gone/m", to: "two/m", asked: false })
      assert.strictEqual((yield* payloads("llm:request")).length, 1)
      assert.deepStrictEqual(yield* divergences("s"), [undefined])
    }).pipe(Effect.scoped))

  it.live("crosses dialects: a client of Anthropic's gets the answer of an OpenAI vendor in its own form", () =>
    Effect.gen(function*() {
      const anthropic = yield* FakeUpstream.make({ respond: () => refusal(529) })
      const openai = yield* FakeUpstream.make({ respond: Chat.answering(["from another"]) })
      const strata = yield* Strata.make({
        level: "raw",
        providers: [Vendors.entry("anthropic", anthropic), Strata.openAi(openai, { models: ["m"] }, "two")],
        models: [{
          model_id: "fast",
          provider_id: "two",
          provider_model_id: "m",
          routing: { targets: [{ model: "anthropic/m" }, { model: "two/m" }] }
        }]
      })
      const { headers, json, status } = yield* Http.post(strata.url, "/v1/messages", {
        model: "fast",
        max_tokens: 5,
        messages: [{ role: "user", content: "Hello?" }]
      }, { "x-strata-session-id": "s" })
      assert.strictEqual(status, 200, JSON.stringify(json))
      assert.strictEqual(Object(json).content[0].text, "from another")
      assert.include(String(headers["x-strata-degradation"]), "anthropic/m -> two/m")
      const [report] = yield* Verify.verify(strata.folder, ["s"])
      assert.isUndefined(report!.divergence)
    }).pipe(Effect.scoped))
})

describe("weights", () => {
  it.live("share the requests, and the choice is in the log", () =>
    Effect.gen(function*() {
      const { ask, divergences, one, two } = yield* given({
        routing: { targets: [{ model: "one/m", weight: 1 }, { model: "two/m", weight: 1 }] }
      })
      for (let n = 0; n < 24; n++) assert.strictEqual((yield* ask()).status, 200)
      assert.isAbove(one.received.length, 0)
      assert.isAbove(two.received.length, 0)
      assert.deepStrictEqual(yield* divergences("s"), [undefined])
      assert.strictEqual(one.received.length + two.received.length, 24)
    }).pipe(Effect.scoped))

  it.live("stick to a session where they are to", () =>
    Effect.gen(function*() {
      const { ask, payloads } = yield* given({
        routing: { targets: [{ model: "one/m", weight: 1 }, { model: "two/m", weight: 1 }], sticky: "session" }
      })
      const sessions = Array.from({ length: 12 }, (_, n) => `session-${n}`)
      for (const session of [...sessions, ...sessions]) yield* ask({ session })
      const firsts = (yield* payloads("provider:route_selected")).map(({ targets }) => targets[0])
      assert.deepStrictEqual(firsts.slice(0, 12), firsts.slice(12))
      assert.strictEqual(new Set(firsts).size, 2)
    }).pipe(Effect.scoped))
})

describe("a model that is registered by a client", () => {
  it.live("may stand for several, and the list shows which", () =>
    Effect.gen(function*() {
      const { strata, two } = yield* given({ routing: chain })
      const routing = { targets: [{ model: "two/m" }] }
      const registered = yield* Http.post(strata.url, "/v1/models", {
        model_id: "mine",
        provider_id: "one",
        provider_model_id: "m",
        routing
      })
      assert.strictEqual(registered.status, 200, registered.text)
      const { json } = yield* Http.send(strata.url, "/v1/models/mine")
      assert.deepStrictEqual(Object(json).routing, routing)
      assert.include((yield* Chat.ask(strata.url, { model: "mine" })).text, "from two")
      assert.strictEqual(two.received.length, 1)
    }).pipe(Effect.scoped))
})
