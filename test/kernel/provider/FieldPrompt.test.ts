/** What a person is asked to configure a provider: read off its Schema, and off the annotations of its fields. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, SchemaGetter } from "effect"
import * as FieldPrompt from "../../../src/kernel/provider/FieldPrompt.ts"
import { texts, wholeNumber } from "../../../src/kernel/provider/FieldSchema.ts"
import type { ConfigField as Field } from "../../../src/kernel/provider/ProviderModels.ts"
import { registry } from "../../../src/providers/Registry.ts"

const { annotate, configFields } = FieldPrompt

/** A field that must be given, as text. */
const plain: Omit<Field, "id" | "display_name" | "prompt"> = {
  description: null,
  field_type: "text",
  env_var: null,
  choices: null,
  required: true,
  default: null,
  show_when: null,
  requires_model: false
}

const withDefault = <const A>(value: A) => Schema.withDecodingDefaultKey(Effect.succeed(value) as never)

const rows: ReadonlyArray<{ readonly name: string; readonly schema: Schema.Top; readonly field: Partial<Field> }> = [
  { name: "a text", schema: Schema.NonEmptyString, field: {} },
  { name: "a text that may be absent", schema: Schema.optionalKey(Schema.String), field: { required: false } },
  {
    name: "a text that may be absent or null",
    schema: Schema.optionalKey(Schema.NullOr(Schema.String)),
    field: { required: false }
  },
  {
    name: "a text with a default",
    schema: Schema.String.pipe(withDefault("here")),
    field: { required: false, default: "here" }
  },
  { name: "a whole number", schema: Schema.Int.check(Schema.isGreaterThan(0)), field: { field_type: "number" } },
  {
    name: "a number that is written as text, with a default",
    schema: Schema.FiniteFromString.pipe(withDefault("7")),
    field: { required: false, default: "7" }
  },
  {
    name: "a flag with a default",
    schema: Schema.Boolean.pipe(withDefault(false)),
    field: { field_type: "boolean", required: false, default: false }
  },
  {
    name: "one of several texts",
    schema: Schema.Literals(["a", "b"]).pipe(withDefault("b")),
    field: { field_type: "choice", choices: ["a", "b"], required: false, default: "b" }
  },
  {
    name: "one of several texts that may be null",
    schema: Schema.NullOr(Schema.Literals(["a", "b"])),
    field: { field_type: "choice", choices: ["a", "b"] }
  },
  { name: "a list", schema: Schema.Array(Schema.String), field: { field_type: "list" } },
  {
    name: "a mapping with a default",
    schema: Schema.Record(Schema.String, Schema.String).pipe(withDefault({})),
    field: { field_type: "mapping", required: false, default: {} }
  },
  { name: "a mapping of fields", schema: Schema.Struct({ inner: Schema.String }), field: { field_type: "mapping" } },
  {
    name: "a number that may be written as text",
    schema: wholeNumber(1, 9, { description: "How many." }),
    field: { field_type: "number", description: "How many.", prompt: "How many." }
  },
  {
    name: "a list that may be written as text",
    schema: texts({ description: "Which." }),
    field: { field_type: "list", required: false, description: "Which.", prompt: "Which." }
  },
  { name: "a text or a number", schema: Schema.Union([Schema.String, Schema.Int]), field: {} },
  { name: "a secret", schema: Schema.RedactedFromValue(Schema.String), field: { field_type: "secret" } },
  {
    name: "a secret with a default, which is not shown",
    schema: Schema.RedactedFromValue(Schema.String).pipe(withDefault("sk-default")),
    field: { field_type: "secret", required: false }
  },
  {
    name: "a text that is annotated as a secret, in an environment variable",
    schema: Schema.String.pipe(annotate({ secret: true, env: "VENDOR_KEY" })),
    field: { field_type: "secret", env_var: "VENDOR_KEY" }
  },
  {
    name: "a text with choices that are suggestions",
    schema: Schema.String.pipe(annotate({ choices: ["eu", "us"] })),
    field: { field_type: "choice", choices: ["eu", "us"] }
  },
  {
    name: "one that is asked in some cases, and after the model",
    schema: Schema.String.pipe(annotate({ showWhen: { mode: "live", plan: ["a", "b"] }, requiresModel: true })),
    field: { show_when: { mode: ["live"], plan: ["a", "b"] }, requires_model: true }
  },
  {
    name: "one with words of its own, annotated before and after its default",
    schema: Schema.String.pipe(
      annotate({ displayName: "Place", prompt: "Where?" }),
      withDefault("here")
    ).annotate({ description: "Where it is." }),
    field: { display_name: "Place", prompt: "Where?", description: "Where it is.", required: false, default: "here" }
  },
  {
    name: "one that is asked by its description",
    schema: Schema.String.annotate({ description: "Where it is." }),
    field: { prompt: "Where it is.", description: "Where it is." }
  }
]

describe("ConfigField", () => {
  it.each(rows)("of $name", ({ field, schema }) => {
    const config = Schema.Struct({ field: schema })
    const expected = { ...plain, id: "field", display_name: "Field", prompt: "Field", ...field }
    assert.deepStrictEqual(configFields({ config }), [expected])
  })

  it.each([
    { id: "base_url", display_name: "Base URL" },
    { id: "api_key", display_name: "API key" },
    { id: "timeout_ms", display_name: "Timeout (milliseconds)" },
    { id: "x-team", display_name: "X team" }
  ])("calls $id $display_name", ({ display_name, id }) => {
    assert.deepStrictEqual(
      configFields({ config: Schema.Struct({ [id]: Schema.String }) }).map((field) => field.display_name),
      [display_name]
    )
  })

  it("are in the order of the Schema, whatever checks or transforms the whole", () => {
    const Fields = Schema.Struct({ b: Schema.String, a: Schema.String })
    const checked = Fields.check(Schema.makeFilter(({ a, b }: { readonly a: string; readonly b: string }) => a < b))
    const transformed = Fields.pipe(Schema.decodeTo(Schema.String, {
      decode: SchemaGetter.transform(({ a }: { readonly a: string }) => a),
      encode: SchemaGetter.transform((a: string) => ({ a, b: a }))
    }))
    for (const config of [Fields, checked, transformed]) {
      assert.deepStrictEqual(configFields({ config }).map(({ id }) => id), ["b", "a"])
    }
    assert.deepStrictEqual(configFields({ config: Schema.String }), [])
  })

  it.each(registry.map((definition) => ({ type: definition.type, definition })))(
    "of $type are described, and depend on fields there are",
    ({ definition }) => {
      const fields = configFields(definition)
      assert.isAbove(fields.length, 0)
      const ids = new Set(fields.map(({ id }) => id))
      for (const { description, id, prompt, show_when } of fields) {
        assert.isNotEmpty(description, id)
        assert.isBelow(prompt.length, 80, `${id} needs a prompt that fits a line`)
        for (const [other, values] of Object.entries(show_when ?? {})) {
          assert.isTrue(ids.has(other), `${id} depends on ${other}`)
          const choices = fields.find((field) => field.id === other)?.choices
          assert.includeMembers([...choices ?? values], [...values])
        }
      }
    }
  )
})
