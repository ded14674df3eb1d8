/** What a service lacks of its contract: all of it, each member by its path. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import type { Contract, Violation } from "../../../src/kernel/provider/Compliance.ts"
import * as Compliance from "../../../src/kernel/provider/Compliance.ts"

interface Service {
  speak(text: string): Effect.Effect<string>
  readonly voices: Effect.Effect<ReadonlyArray<string>>
  readonly sounds: Stream.Stream<string>
  readonly accent: "north" | "south"
  readonly name: string
  readonly speed: number
  readonly loud: boolean
  readonly words: ReadonlyArray<string>
  readonly since: Date | null
  readonly studio: { readonly city: string; open(): void }
  rest?(): Effect.Effect<void>
  readonly sponsor?: { readonly brand: string }
}

const contract: Contract<Service> = {
  speak: Compliance.effectful(),
  voices: "effect",
  sounds: "stream",
  accent: ["north", "south"],
  name: "string",
  speed: "number",
  loud: "boolean",
  words: "array",
  since: "value",
  studio: { city: "string", open: "function" },
  rest: Compliance.optional("function"),
  sponsor: Compliance.optional({ brand: "string" })
}

class Speaker {
  readonly voices = Effect.succeed(["alto"])
  readonly sounds = Stream.make("a")
  readonly accent = "north"
  readonly name = "ann"
  readonly speed = 1
  readonly loud = false
  readonly words = []
  readonly since = 0
  readonly studio = { city: "Oslo", open: () => {} }
  speak(text: string) {
    return Effect.succeed(`${this.name}: ${text}`)
  }
}
const service = { ...new Speaker(), speak: (text: string) => Effect.succeed(text) }

const violation = (member: string, expected: string, actual: string): Violation => ({ member, expected, actual })

const rows: ReadonlyArray<
  { readonly name: string; readonly service: unknown; readonly lacks: ReadonlyArray<Violation> }
> = [
  { name: "a service with all of it", service, lacks: [] },
  { name: "an object of a class, its methods inherited", service: new Speaker(), lacks: [] },
  {
    name: "one with the optional members and others",
    service: { ...service, rest: () => Effect.void, sponsor: { brand: "b" }, more: 1 },
    lacks: []
  },
  { name: "nothing", service: undefined, lacks: [violation("", "an object", "nothing")] },
  { name: "a function", service: () => service, lacks: [violation("", "an object", "a function")] },
  {
    name: "one without anything",
    service: {},
    lacks: [
      violation("speak", "a function", "nothing"),
      violation("voices", "an effect", "nothing"),
      violation("sounds", "a stream", "nothing"),
      violation("accent", "one of north, south", "nothing"),
      violation("name", "a string", "nothing"),
      violation("speed", "a number", "nothing"),
      violation("loud", "a boolean", "nothing"),
      violation("words", "an array", "nothing"),
      violation("since", "any value", "nothing"),
      violation("studio", "an object", "nothing")
    ]
  },
  {
    name: "one whose members are of other kinds",
    service: {
      ...service,
      speak: Effect.succeed(""),
      voices: () => Effect.succeed([]),
      sounds: ["a"],
      accent: "east",
      words: Promise.resolve(["a"]),
      studio: { city: 1 },
      rest: Effect.void,
      sponsor: {}
    },
    lacks: [
      violation("speak", "a function", "an effect"),
      violation("voices", "an effect", "a function"),
      violation("sounds", "a stream", "an array"),
      violation("accent", "one of north, south", "\"east\""),
      violation("words", "an array", "a Promise"),
      violation("studio.city", "a string", "a number"),
      violation("studio.open", "a function", "nothing"),
      violation("rest", "a function", "an effect"),
      violation("sponsor.brand", "a string", "nothing")
    ]
  }
]

describe("Compliance", () => {
  it.each(rows)("of $name", ({ lacks, service }) => {
    assert.deepStrictEqual(Compliance.check({ contract }, service), lacks)
  })

  it("holds the contract to the interface", () => {
    const { accent: _accent, ...without } = contract
    // @ts-expect-error the member accent was forgotten
    const forgotten: Contract<Service> = without
    // @ts-expect-error voices is no function
    const other: Contract<Service> = { ...contract, voices: "function" }
    // @ts-expect-error there is no accent "east"
    const wrong: Contract<Service> = { ...contract, accent: ["east"] }
    // @ts-expect-error rest may be absent
    const required: Contract<Service> = { ...contract, rest: "function" }
    // @ts-expect-error open gives no Effect
    const plain: Contract<Service> = { ...contract, studio: { city: "string", open: Compliance.effectful() } }
    // @ts-expect-error speak does not fail
    const failing: Contract<Service> = { ...contract, speak: Compliance.effectful({ failure: (provider) => provider }) }
    assert.strictEqual([forgotten, other, wrong, required, plain, failing].length, 6)
  })

  it("of an inference provider: it does one thing at least, and lists models", () => {
    const list = Effect.succeed([])
    const models = { source: "discovery", list }
    assert.deepStrictEqual(Compliance.check(InferenceApi, { complete: () => Effect.never, models }), [])
    assert.deepStrictEqual(Compliance.check(InferenceApi, { dialects: [], send: () => Effect.never, models }), [])
    for (const member of ["completeText", "embed", "rerank"]) {
      assert.deepStrictEqual(Compliance.check(InferenceApi, { [member]: () => Effect.never, models }), [])
    }
    const others = "completeText, embed, rerank or sendMedia"
    assert.deepStrictEqual(Compliance.check(InferenceApi, { models: { source: "guess", list: [] } }), [
      violation("complete", `a function, or send, ${others}`, "nothing"),
      violation("dialects", `an array, or complete, ${others}`, "nothing"),
      violation("send", `a function, or complete, ${others}`, "nothing"),
      violation("models.source", "one of configuration, discovery", "\"guess\""),
      violation("models.list", "an effect", "an array")
    ])
  })

  it("tells a person who does not fulfil what, and what to do", () => {
    const { message } = new Compliance.ProviderNotCompliant({
      api: "speech",
      provider_id: "ann",
      provider_type: "inline::ann",
      violations: [violation("", "an object", "nothing"), violation("studio.city", "a string", "a number")]
    })
    assert.strictEqual(
      message,
      "The provider \"ann\" (inline::ann) does not fulfil the contract of the API speech. " +
        "Ask its author for a version that does.\n" +
        "  the service: expected an object, found nothing\n" +
        "  studio.city: expected a string, found a number"
    )
  })
})
