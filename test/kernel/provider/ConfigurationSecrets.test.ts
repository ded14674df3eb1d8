/** What of a configuration is secret is found at any depth: it is not shown, and it is known. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema, SchemaGetter } from "effect"
import { secretsOf } from "../../../src/kernel/provider/ConfigurationSecrets.ts"
import * as FieldPrompt from "../../../src/kernel/provider/FieldPrompt.ts"
import { maskedConfiguration } from "../../../src/kernel/provider/MaskedConfiguration.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { api, entry } from "../../support/StackWorld.ts"

const inference = api("inference")
const secret = Schema.RedactedFromValue(Schema.String)

const typed = (config: Schema.Codec<unknown, unknown>, type: `inline::${string}` = "inline::vault") =>
  Provider.make({
    api: inference,
    type,
    description: "",
    config,
    requires: [],
    upstream: (config) => Object(config).mode === "replay" ? undefined : Object(config).upstream,
    layer: () => Layer.effect(inference.slot, Effect.never)
  })

const planned = Effect.fnUntraced(function*(config: Schema.Codec<unknown, unknown>, written: Schema.JsonObject) {
  const { providers: [first] } = yield* StackPlan.make([typed(config), typed(Inner, "inline::inner")], {
    providers: { inference: [entry("a", "inline::vault", written)] }
  })
  return first!
})

const Inner = Schema.Struct({ box: Schema.Struct({ pin: secret }) })

const Open = Schema.Struct({
  mode: Schema.optionalKey(Schema.String),
  base_url: Schema.optionalKey(Schema.String),
  default_headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  upstream: Schema.optionalKey(Schema.JsonObject)
})

/** It stands under another name once it is decoded. */
const Renamed = Schema.Struct({ phrase: Schema.String, place: Schema.String }).pipe(
  Schema.decodeTo(Schema.Struct({ inner: Schema.Redacted(Schema.String), place: Schema.String }), {
    decode: SchemaGetter.transform(({ phrase, place }) => ({ inner: Redacted.make(phrase), place })),
    encode: SchemaGetter.transform(({ inner, place }) => ({ phrase: Redacted.value(inner), place }))
  })
)

interface Row {
  readonly name: string
  readonly config: Schema.Codec<unknown, unknown>
  readonly written: Schema.JsonObject
  readonly shown: Schema.Json
  readonly secrets: ReadonlyArray<string>
}

const upstream = (pin: string) => ({ provider_type: "inline::inner", config: { box: { pin } } })

const rows: ReadonlyArray<Row> = [
  {
    name: "in mappings and lists",
    config: Schema.Struct({
      nested: Schema.Struct({ pin: secret, list: Schema.Array(secret), code: Schema.RedactedFromValue(Schema.Int) }),
      place: Schema.String
    }),
    written: { nested: { pin: "word", list: ["one-1", ""], code: 1234 }, place: "word" },
    shown: { nested: { pin: "[REDACTED]", list: ["[REDACTED]", ""], code: "[REDACTED]" }, place: "word" },
    secrets: ["word", "one-1", "1234"]
  },
  {
    name: "a whole mapping",
    config: Schema.Struct({
      account: Schema.RedactedFromValue(Schema.Struct({ user: Schema.String, pin: Schema.Int }))
    }),
    written: { account: { user: "ada", pin: 42 } },
    shown: { account: "[REDACTED]" },
    secrets: ["ada", "42"]
  },
  {
    name: "in a union",
    config: Schema.Union([Schema.Struct({ none: Schema.Literal(true) }), Schema.Struct({ any: Schema.Array(secret) })]),
    written: { any: ["open sesame"] },
    shown: { any: ["[REDACTED]"] },
    secrets: ["open sesame"]
  },
  {
    name: "under another name than it is written",
    config: Renamed,
    written: { phrase: "sesame", place: "a cave" },
    shown: { phrase: "[REDACTED]", place: "a cave" },
    secrets: ["sesame"]
  },
  {
    name: "within another text",
    config: Schema.Struct({ key: secret, call: Schema.String }),
    written: { key: "open sesame", call: "say open sesame" },
    shown: { key: "[REDACTED]", call: "say [REDACTED]" },
    secrets: ["open sesame"]
  },
  {
    name: "where a field is declared so, and not Redacted",
    config: Schema.Struct({ hint: Schema.String.pipe(FieldPrompt.annotate({ secret: true })) }),
    written: { hint: "sesame" },
    shown: { hint: "[REDACTED]" },
    secrets: ["sesame"]
  },
  {
    name: "under a name that says so, at any depth, where it is no ordinary word",
    config: Schema.Struct({ query: Schema.Record(Schema.String, Schema.Json), place: Schema.String }),
    written: { query: { api_key: "k-123456", auth: "bearer", list: [{ token: "t-123456" }] }, place: "k-123456" },
    shown: {
      query: { api_key: "[REDACTED]", auth: "[REDACTED]", list: [{ token: "[REDACTED]" }] },
      place: "[REDACTED]"
    },
    secrets: ["k-123456", "t-123456"]
  },
  {
    name: "in headers, told with their scheme and without it",
    config: Open,
    written: { default_headers: { "X-Custom-Token": "tokentoken-1", Authorization: "Bearer abc-1", "x-team": "t" } },
    shown: { default_headers: { "X-Custom-Token": "[REDACTED]", Authorization: "[REDACTED]", "x-team": "t" } },
    secrets: ["tokentoken-1", "Bearer abc-1", "abc-1"]
  },
  {
    name: "in a URL, of letters only",
    config: Open,
    written: { base_url: "https://usr:topsecretpw@vendor/v1?at=b@c" },
    shown: { base_url: "https://usr:[REDACTED]@vendor/v1?at=b@c" },
    secrets: []
  },
  {
    name: "in an upstream",
    config: Open,
    written: { upstream: upstream("sesame") },
    shown: { upstream: upstream("[REDACTED]") },
    secrets: ["sesame"]
  },
  {
    name: "in an upstream that is not started",
    config: Open,
    written: { mode: "replay", upstream: upstream("sesame") },
    shown: { mode: "replay", upstream: upstream("[REDACTED]") },
    secrets: ["sesame"]
  },
  {
    name: "nowhere, once it is masked",
    config: Inner,
    written: { box: { pin: "[REDACTED]" } },
    shown: { box: { pin: "[REDACTED]" } },
    secrets: []
  }
]

describe("the secrets of a configuration", () => {
  it.effect.each(rows)("are found $name", ({ config, secrets, shown, written }) =>
    Effect.gen(function*() {
      const instance = yield* planned(config, written)
      assert.deepStrictEqual<unknown>(maskedConfiguration(instance), shown)
      assert.deepStrictEqual([...new Set(secretsOf(instance))], [...secrets])
    }))
})
