/** Targets that are asked only where their condition holds: by request, principal, time, price and latency; verified from the log. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { ModelRouting } from "../../../src/kernel/resources/ModelRouting.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import * as Verify from "../../support/verify.ts"

const given = (routing?: ModelRouting, more: { readonly gpt?: string } = {}) =>
  Effect.gen(function*() {
    const model = more.gpt ?? "m"
    const [one, two] = [
      yield* FakeUpstream.make({ respond: Chat.answering(["from one"]) }),
      yield* FakeUpstream.make({ respond: Chat.answering(["from two"]) })
    ]
    const strata = yield* Strata.make({
      level: "raw",
      providers: [Strata.openAi(one, { models: [model] }, "one"), Strata.openAi(two, { models: ["m"] }, "two")],
      models: routing === undefined ? [] : [{ model_id: "fast", provider_id: "one", provider_model_id: model, routing }]
    })
    const ask = (body: object = {}, session = "s") =>
      Http.post(strata.url, "/v1/chat/completions", {
        model: "fast",
        messages: [{ role: "user", content: "Hello?" }],
        ...body
      }, { "x-strata-session-id": session })
    return {
      one,
      two,
      strata,
      ask,
      selections: Effect.map(
        strata.events({ types: ["provider:route_selected"] }),
        (events) => events.map((event) => Object(payloadOf(event)))
      ),
      verified: (...sessions: ReadonlyArray<string>) =>
        Effect.map(Verify.verify(strata.folder, sessions), (reports) => reports.map(({ divergence }) => divergence))
    }
  })

const chosenBy = (when: string): ModelRouting => ({ targets: [{ model: "one/m", when }, { model: "two/m" }] })

describe("targets with conditions", () => {
  it.live.each(
    [
      ["request.estimated_tokens < 100", { max_tokens: 5 }, "from one"],
      ["request.estimated_tokens < 100", { messages: [{ role: "user", content: "word ".repeat(500) }] }, "from two"],
      ["request.has_tools", { tools: [{ type: "function", function: { name: "f", parameters: {} } }] }, "from one"],
      ["request.has_images", {}, "from two"],
      [
        "request.has_images",
        { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://e.com/a.png" } }] }] },
        "from one"
      ],
      ["request.metadata.tier == 'gold'", { metadata: { tier: "gold" } }, "from one"],
      ["request.metadata.tier == 'gold'", {}, "from two"],
      ["request.user == 'ada' && request.max_output_tokens == 5", { user: "ada", max_tokens: 5 }, "from one"],
      ["principal.id == '' && tenant == ''", {}, "from one"],
      ["time.hour >= 0 && time.now.contains('T') && time.weekday.endsWith('day')", {}, "from one"],
      ["latency['one/m'] < 10000", {}, "from two"]
    ] as const
  )("%s decides", ([when, body, answer]) =>
    Effect.gen(function*() {
      const { ask, selections, verified } = yield* given(chosenBy(when))
      const { status, text } = yield* ask(body)
      assert.strictEqual(status, 200, text)
      assert.include(text, answer)
      const [selection] = yield* selections
      assert.deepInclude(selection.conditions[0], { model: "one/m", holds: answer === "from one" })
      assert.deepStrictEqual(yield* verified("s"), [undefined])
    }).pipe(Effect.scoped))

  it.live("by price: of the public table, where the vendor is known", () =>
    Effect.gen(function*() {
      const { ask, selections } = yield* given({
        targets: [
          { model: "one/gpt-4o", when: "price['one/gpt-4o'].input < 100 && price['one/gpt-4o'].output > 0" },
          { model: "two/m", when: "price['two/m'].input < 100" }
        ]
      }, { gpt: "gpt-4o" })
      assert.include((yield* ask()).text, "from one")
      const [{ conditions }] = yield* selections
      assert.deepStrictEqual(conditions[0], { model: "one/gpt-4o", holds: true })
      assert.deepInclude(conditions[1], { model: "two/m", holds: false })
      assert.isNotEmpty(conditions[1].error)
    }).pipe(Effect.scoped))

  it.live("by latency: of answers before", () =>
    Effect.gen(function*() {
      const { ask, verified } = yield* given({
        targets: [{ model: "one/m", when: "!('one/m' in latency)" }, { model: "two/m" }]
      })
      assert.include((yield* ask({}, "a")).text, "from one")
      assert.include((yield* ask({}, "b")).text, "from two")
      assert.deepStrictEqual(yield* verified("a", "b"), [undefined, undefined])
    }).pipe(Effect.scoped))

  it.live("where none holds the client is told, and nobody is asked", () =>
    Effect.gen(function*() {
      const { ask, one, two, verified } = yield* given({
        targets: [{ model: "one/m", when: "request.stream" }, { model: "two/m", when: "request.has_images" }]
      })
      const { json, status } = yield* ask()
      assert.strictEqual(status, 400)
      assert.deepInclude(Object(json).error, { code: "no_target", param: "model" })
      assert.deepStrictEqual([one.received.length, two.received.length], [0, 0])
      assert.deepStrictEqual(yield* verified("s"), [undefined])
    }).pipe(Effect.scoped))

  it.live("weights share among those whose condition holds", () =>
    Effect.gen(function*() {
      const { ask, selections } = yield* given({
        targets: [{ model: "one/m", weight: 100, when: "request.stream" }, { model: "two/m", weight: 1 }]
      })
      assert.include((yield* ask()).text, "from two")
      assert.deepInclude((yield* selections)[0], { reason: "weight", targets: ["two/m"] })
    }).pipe(Effect.scoped))
})

describe("conditions at registration", () => {
  const register = (url: string, when: string) =>
    Http.post(url, "/v1/models", {
      model_id: "fast",
      provider_id: "one",
      provider_model_id: "m",
      routing: { targets: [{ model: "two/m" }, { model: "one/m", when }] }
    })

  it.live("are used when they are registered", () =>
    Effect.gen(function*() {
      const { ask, strata } = yield* given()
      const { status, text } = yield* register(strata.url, "request.stream")
      assert.strictEqual(status, 200, text)
      assert.include((yield* ask()).text, "from two")
    }).pipe(Effect.scoped))

  it.live.each(
    [
      ["request.strem", "column 8: request has no field strem. Did you mean stream?"],
      ["principal.attributes.roles.exists(r, r == 'x')", "column 27: loops over a list"],
      ["latency['three/m'] < 5", "three/m is none"]
    ] as const
  )("are refused with the place and the remedy: %s", ([when, words]) =>
    Effect.gen(function*() {
      const { strata } = yield* given()
      const { json, status } = yield* register(strata.url, when)
      assert.strictEqual(status, 400)
      assert.strictEqual(Object(json).error.param, "routing.targets[1].when")
      assert.include(Object(json).error.message, words)
      assert.notInclude((yield* Http.send(strata.url, "/v1/models")).text, "\"fast\"")
    }).pipe(Effect.scoped))
})
