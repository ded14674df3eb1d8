/** What a Schema without words of its own has to say of a wrong value: what to write, in the words of a file. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { decodingIssues } from "../../../src/kernel/issues/SchemaIssues.ts"

const rows: ReadonlyArray<{ readonly name: string; readonly schema: Schema.Top; readonly message: string }> = [
  { name: "a text", schema: Schema.String, message: "a text" },
  { name: "a text that says something", schema: Schema.NonEmptyString, message: "a text that is not empty" },
  { name: "a secret", schema: Schema.RedactedFromValue(Schema.String), message: "a text" },
  { name: "a number", schema: Schema.Finite, message: "a number" },
  { name: "a whole number", schema: Schema.Int, message: "a whole number" },
  { name: "a flag", schema: Schema.Boolean, message: "true or false" },
  { name: "a list", schema: Schema.Array(Schema.String), message: "a list" },
  { name: "a mapping", schema: Schema.Record(Schema.String, Schema.String), message: "a mapping" },
  { name: "a choice", schema: Schema.Literals(["a", "b", "c"]), message: "a, b or c" },
  { name: "a text or a number", schema: Schema.Union([Schema.String, Schema.Finite]), message: "a text or a number" },
  { name: "one with words", schema: Schema.String.annotate({ expected: "a colour" }), message: "a colour" }
]

const told = (schema: Schema.Top, config: Schema.JsonObject) =>
  Schema.decodeEffect(schema as Schema.Codec<unknown>, { errors: "all" })(config).pipe(
    Effect.flip,
    Effect.map((error) =>
      decodingIssues(error, { config }, ["config"]).map(({ message, path }) => `${path}: ${message}`)
    )
  )

describe("DecodingIssues", () => {
  it.effect.each(rows)(
    "say of $name what is wrong with it, and what is missing",
    ({ message, schema }) =>
      Effect.gen(function*() {
        const Config = Schema.Struct({ field: schema })
        assert.deepStrictEqual(yield* told(Config, { field: null }), [
          `config.field: expected ${message}, got nothing: fill it in, or leave the key out`
        ])
        assert.deepStrictEqual(yield* told(Config, {}), [`config.field: missing: add field: it is to be ${message}`])
      })
  )

  it.effect("say of an empty text that it is empty", () =>
    Effect.gen(function*() {
      const Config = Schema.Struct({ name: Schema.NonEmptyString })
      assert.deepStrictEqual(yield* told(Config, { name: "" }), [
        "config.name: expected a text that is not empty, got a string"
      ])
    }))

  it.effect("say what the key says of its absence, also within", () =>
    Effect.gen(function*() {
      const name = Schema.String.annotateKey({ messageMissingKey: "missing: name it" })
      const Config = Schema.Struct({ list: Schema.Array(Schema.Struct({ name, size: Schema.Finite })) })
      assert.deepStrictEqual(yield* told(Config, { list: [{}] }), [
        "config.list[0].name: missing: name it",
        "config.list[0].size: missing: add size: it is to be a number"
      ])
    }))

  it.effect.each([{ value: 7, kind: "number" }, { value: true, kind: "boolean" }])(
    "ask for quotes where YAML reads a $kind",
    ({ kind, value }) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* told(Schema.Struct({ key: Schema.String }), { key: value }), [
          `config.key: expected a text, got a ${kind}: put it in quotes`
        ])
      })
  )
})
