/** Numbers, lists and addresses as a file or the environment writes them. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Schema } from "effect"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import { texts, url, whole, wholeNumber } from "../../../src/kernel/provider/FieldSchema.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { registry } from "../../../src/providers/Registry.ts"

const decode = Schema.decodeUnknownExit(wholeNumber(1, 10, { description: "a number" }))

const rows: ReadonlyArray<{ readonly written: unknown; readonly read: number | undefined }> = [
  { written: 1, read: 1 },
  { written: "10", read: 10 },
  { written: " +7 ", read: 7 },
  { written: 0, read: undefined },
  { written: "11", read: undefined },
  { written: 2.5, read: undefined },
  { written: "2.5", read: undefined },
  { written: "1e1", read: undefined },
  { written: "", read: undefined },
  { written: null, read: undefined }
]

describe("wholeNumber", () => {
  it.each(rows)("reads $written as $read", ({ read, written }) => {
    const exit = decode(written)
    assert.deepStrictEqual(Exit.isSuccess(exit) ? exit.value : undefined, read)
  })

  it("has its default where it is not written", () => {
    const Fields = Schema.Struct({ port: whole(1, 10, { description: "a number", default: 3 }) })
    assert.deepStrictEqual(Schema.decodeSync(Fields)({}), { port: 3 })
  })
})

const List = Schema.Struct({ list: texts({ description: "a list" }) })

describe("texts", () => {
  it.each<{ readonly written: Schema.Json; readonly read: ReadonlyArray<string> | "absent" | "refused" }>([
    { written: ["a", "b"], read: ["a", "b"] },
    { written: [], read: [] },
    { written: "a", read: ["a"] },
    { written: " a, b ,", read: ["a", "b"] },
    { written: "[\"a\", \"b,c\"]", read: ["a", "b,c"] },
    { written: "", read: "absent" },
    { written: " , ", read: "absent" },
    { written: "[\"a\"", read: "refused" },
    { written: "[1]", read: "refused" },
    { written: "[\"\"]", read: "refused" },
    { written: [1], read: "refused" },
    { written: [""], read: "refused" },
    { written: 3, read: "refused" },
    { written: null, read: "refused" }
  ])("reads $written as $read", ({ read, written }) => {
    const exit = Schema.decodeUnknownExit(List)({ list: written })
    assert.deepStrictEqual(Exit.isSuccess(exit) ? exit.value.list ?? "absent" : "refused", read)
  })

  it("may be absent", () => {
    assert.deepStrictEqual(Schema.decodeSync(List)({}), {})
  })
})

describe("url", () => {
  it.each([
    { written: "https://vendor.example/v1", good: true },
    { written: "http://[::1]:11434", good: true },
    { written: "banana", good: false },
    { written: "ftp://vendor.example", good: false },
    { written: "http://", good: false },
    { written: "http://vendor.example:99999", good: false },
    { written: "", good: false },
    { written: 7, good: false }
  ])("takes $written: $good", ({ good, written }) => {
    assert.strictEqual(Exit.isSuccess(Schema.decodeUnknownExit(url)(written)), good)
  })
})

/** Every number and list of a provider type that Strata brings, from the environment. */
const fields: ReadonlyArray<{
  readonly type: string
  readonly more?: Schema.JsonObject
  readonly field: string
  readonly value: string
  readonly read: Schema.Json
}> = [
  { type: "remote::openai", field: "timeout_ms", value: "1000", read: 1000 },
  { type: "remote::openai", field: "models", value: "fast, slow", read: ["fast", "slow"] },
  { type: "remote::strata", more: { base_url: "http://x" }, field: "timeout_ms", value: "1000", read: 1000 },
  { type: "remote::strata", more: { base_url: "http://x" }, field: "max_hops", value: "2", read: 2 },
  { type: "inline::replay", field: "max_recordings", value: "50", read: 50 }
]

describe("a field of a provider", () => {
  it.effect.each([
    { type: "remote::openai", config: { base_url: "banana" } },
    { type: "remote::openai", config: { base_url: "ftp://x" } },
    { type: "remote::strata", config: { base_url: "127.0.0.1:8321" } }
  ])("an address of $type is one of the web: $config.base_url is not", ({ config, type }) =>
    Effect.gen(function*() {
      const inference = [{ provider_id: "p", provider_type: type, config }]
      const { issues } = yield* Effect.flip(StackPlan.make(registry, { providers: { inference } }))
      assert.deepStrictEqual(issues.map(({ message, path }) => `${path}: ${message}`), [
        "providers.inference[0].config.base_url: expected a URL that begins with https:// or http://, got a string"
      ])
    }))

  it.effect("says what an address is for where it is missing", () =>
    Effect.gen(function*() {
      const inference = [{ provider_id: "p", provider_type: "remote::strata", config: {} }]
      const { issues } = yield* Effect.flip(StackPlan.make(registry, { providers: { inference } }))
      assert.deepStrictEqual(issues.map(({ message }) => message), [
        "missing: say where the other server is, for example base_url: http://127.0.0.1:8321"
      ])
    }))

  it.effect.each(fields)(
    "$field of $type comes from the environment",
    ({ field, more, read, type, value }) =>
      Effect.gen(function*() {
        const entry = (written: string) => ({
          provider_id: "p",
          provider_type: type,
          config: { ...more, [field]: written }
        })
        for (const written of ["${env.VALUE}", `\${env.NONE:=${value}}`]) {
          const text = JSON.stringify({ providers: { inference: [entry(written)] } })
          const { configuration } = yield* ConfigurationFile.parse(text, "strata.yaml")
          const { providers: [planned] } = yield* StackPlan.make(registry, configuration)
          assert.deepInclude(planned?.config, { [field]: read })
        }
      }).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({ VALUE: value }))))
  )
})
