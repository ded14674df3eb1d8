/** A service from outside that gives something else than an Effect fails at once, as its API says. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Schema } from "effect"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Contract } from "../../../src/kernel/provider/Compliance.ts"
import * as Compliance from "../../../src/kernel/provider/Compliance.ts"
import * as GuardedService from "../../../src/kernel/provider/GuardedService.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { Chat } from "../../support/Chat.ts"
import { Strata } from "../../support/Strata.ts"

interface Speaker {
  readonly name: string
  speak(text: string): Effect.Effect<string, string>
  pitch(): number
  readonly studio: { readonly city: string; open(): Effect.Effect<string> }
  rest?(): Effect.Effect<string>
}

const contract: Contract<Speaker> = {
  name: "string",
  speak: Compliance.effectful({ failure: (provider, detail) => `${provider}: ${detail}` }),
  pitch: "function",
  studio: { city: "string", open: Compliance.effectful() },
  rest: Compliance.optional(Compliance.effectful())
}

class Ann {
  #name = "ann"
  get name() {
    return this.#name
  }
  get studio() {
    return { city: `${this.#name}'s`, open: () => Effect.succeed(this.#name) }
  }
  speak(text: string) {
    this.#name = "ann, who spoke"
    return Effect.succeed(`${this.#name}: ${text}`)
  }
  pitch() {
    return this.#name.length
  }
}

const guard = (service: unknown) => GuardedService.make(contract as Compliance.AnyContract, service, "ann") as Speaker
const saying = (speak: unknown) => guard({ ...fixed, speak })
const fixed = { name: "ann", pitch: () => 3, studio: { city: "Oslo", open: () => "no Effect" } }

describe("GuardedService.make", () => {
  it.effect("leaves what keeps to the contract as it is, private fields and all", () =>
    Effect.gen(function*() {
      const ann = guard(new Ann())
      assert.deepStrictEqual([ann.name, ann.pitch(), ann.studio.city, ann.rest], ["ann", 3, "ann's", undefined])
      assert.strictEqual(yield* ann.speak("hello"), "ann, who spoke: hello")
      assert.deepStrictEqual([ann.name, yield* ann.studio.open()], ["ann, who spoke", "ann, who spoke"])
    }))

  it.effect.each([
    { name: "a Promise", speak: () => Promise.resolve("hello"), found: "a Promise" },
    { name: "a Promise that fails", speak: () => Promise.reject(new Error("no voice")), found: "a Promise" },
    { name: "a text", speak: () => "hello", found: "a string" },
    { name: "nothing", speak: () => undefined, found: "nothing" }
  ])("fails as its API says in place of $name", ({ found, speak }) =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* Effect.flip(saying(speak).speak("hello")),
        `ann: speak did not give an Effect, but ${found}: ask its author for a version that does`
      )
    }))

  it.effect("dies where its API says nothing, with the member", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(guard(fixed).studio.open())
      assert(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.include(
        String(Cause.squash(exit.cause)),
        "The provider ann does not fulfil its contract: studio.open did not"
      )
    }))

  it("is the service where the contract asks for no Effects", () => {
    for (const plain of ["string", { name: "string", pitch: "function" }] as const) {
      assert.strictEqual(GuardedService.make(plain, fixed, "ann"), fixed)
    }
  })
})

describe("an inference provider from outside", () => {
  const headers = { "content-type": "application/json" }
  const whole = { status: 200, headers, body: "{}" }
  const given: ReadonlyArray<readonly [id: string, send: () => unknown]> = [
    ["whole", () => Effect.succeed(whole)],
    ["promise", () => Promise.resolve(whole)],
    ["nothing", () => Effect.undefined],
    ["value", () => Effect.succeed("{}")],
    ["body", () => Effect.succeed({ ...whole, body: undefined })],
    ["status", () => Effect.succeed({ ...whole, status: "200" })],
    ["headers", () => Effect.succeed({ ...whole, headers: undefined })],
    ["stream", () => Effect.succeed({ ...whole, body: { stream: 5 } })]
  ]
  const list = Effect.succeed([{ id: "m", created: 0, owned_by: "test" }])
  const typeOf = (id: string, send: () => unknown) =>
    Provider.external(Provider.make({
      api: InferenceApi,
      type: `inline::${id}`,
      description: "",
      config: Schema.Struct({}),
      requires: [],
      layer: () =>
        Layer.succeed(InferenceProvider, {
          dialects: [chat],
          send: send as never,
          models: { source: "configuration", list }
        })
    }))

  it.live("that gives no answer fails the request at once, in the log too", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({
        types: given.map(([id, send]) => typeOf(id, send)) as never,
        providers: given.map(([id]) => ({ provider_id: id, provider_type: `inline::${id}`, config: {} }))
      })
      const answers = yield* Effect.forEach(given, ([id]) => Chat.ask(strata.url, { model: `${id}/m` }))
      assert.deepStrictEqual(answers.map(({ status }) => status), [200, 502, 502, 502, 502, 502, 502, 502])
      const details = answers.slice(1).map(({ text }) => /did not give (.*): ask its author/.exec(text)?.[1])
      const rest = details.slice(1).map(() => "Bytes: a status, headers and a body")
      assert.deepStrictEqual(details, ["an Effect, but a Promise", ...rest])
      assert.lengthOf(yield* strata.events({ types: ["api:error"] }), 7)
    }))
})
