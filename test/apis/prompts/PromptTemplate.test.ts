import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as PromptTemplate from "../../../src/apis/prompts/PromptTemplate.ts"

const prompt = "Hello {{name}}, {{ place }} and {{name}} again. {not} {{no-name}}"
const variables = PromptTemplate.variablesOf(prompt)
const fill = (values: Readonly<Record<string, PromptTemplate.VariableValue>>) =>
  PromptTemplate.partsOf({ prompt, variables }, values)
const image = { type: "input_image", image_url: "data:,x" }

describe("PromptTemplate", () => {
  it("reads the variables of a text, each once, in order", () => assert.deepStrictEqual(variables, ["name", "place"]))

  it.effect("given texts, then they stand where their variables stood, and are no templates themselves", () =>
    Effect.gen(function*() {
      const parts = yield* fill({ name: "{{place}}", place: { type: "input_text", text: "$&" } })
      assert.strictEqual(
        PromptTemplate.plainText(parts),
        "Hello {{place}}, $& and {{place}} again. {not} {{no-name}}"
      )
    }))

  it.effect("given an image, then the text around it is parts", () =>
    Effect.gen(function*() {
      const parts = yield* fill({ name: "Ada", place: image })
      assert.deepStrictEqual(parts, [
        { type: "input_text", text: "Hello Ada, " },
        image,
        { type: "input_text", text: " and Ada again. {not} {{no-name}}" }
      ])
      assert.isUndefined(PromptTemplate.plainText(parts))
    }))

  it.effect("given values that are missing, unknown or of another kind, then the error names the variable", () =>
    Effect.gen(function*() {
      const cases = [
        [{ name: "a" }, "place"],
        [{ name: "a", place: "b", other: "c" }, "other"],
        [{ name: "a", place: { type: "input_audio" } }, "place"],
        [{ name: "a", place: "b", constructor: "c" }, "constructor"]
      ] as const
      for (const [values, name] of cases) {
        const error = yield* Effect.flip(fill(values as never))
        assert.strictEqual(error.field, `prompt.variables.${name}`)
        assert.include(error.message, `"${name}"`)
      }
    }))

  it.effect("given a value that stands in it so often that nobody could hold it, then it is refused before it is made", () =>
    Effect.gen(function*() {
      const often = { prompt: "{{a}}".repeat(50_000), variables: ["a"] }
      const long = "x".repeat(1_000_000)
      for (const a of [long, { type: "input_image", image_url: long }]) {
        const error = yield* Effect.flip(PromptTemplate.partsOf(often, { a }))
        assert.deepInclude(error, { field: "prompt.variables.a" })
        assert.include(error.message, "more than 10485760 characters")
      }
      assert.lengthOf(yield* PromptTemplate.partsOf(often, { a: "{{a}}" }), 1)
    }))

  it.effect("given declared variables, then the text may use fewer and no others", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* PromptTemplate.declared(prompt, null), ["name", "place"])
      assert.deepStrictEqual(yield* PromptTemplate.declared("{{a}}", ["a", "b", "a"]), ["a", "b"])
      const error = yield* Effect.flip(PromptTemplate.declared(prompt, ["name"]))
      assert.deepInclude(error, { field: "variables" })
      assert.include(error.message, "\"place\"")
    }))

  it.effect("given more variables than anybody fills in, or longer names, then the field is named, and the answer is short", () =>
    Effect.gen(function*() {
      const names = Array.from({ length: 100_000 }, (_, at) => `v${at}`)
      const many = names.map((name) => `{{${name}}}`).join("")
      const cases: ReadonlyArray<readonly [text: string, given: ReadonlyArray<string> | null, field: string]> = [
        [many, null, "prompt"],
        [many, names.toReversed(), "prompt"],
        ["hello", names, "variables"],
        [`{{${"a".repeat(65)}}}`, null, "prompt"],
        [names.slice(0, 1000).map((name) => `{{${name}}}`).join(""), [], "variables"]
      ]
      for (const [text, given, field] of cases) {
        const error = yield* Effect.flip(PromptTemplate.declared(text, given))
        assert.strictEqual(error.field, field)
        assert.isBelow(error.message.length, 2000)
      }
      const unknown = yield* Effect.flip(fill({ name: "a", place: "b", ["x".repeat(1_000_000)]: "c" }))
      assert.isBelow(unknown.message.length + unknown.field.length, 1000)
    }))

  it.effect("given variables of any name, then they are no more than names", () =>
    Effect.gen(function*() {
      const text = "{{__proto__}} {{constructor}} {{toString}}"
      const variables = PromptTemplate.variablesOf(text)
      const values = JSON.parse("{\"__proto__\":\"a\",\"constructor\":\"b\",\"toString\":\"{{__proto__}}\"}")
      const parts = yield* PromptTemplate.partsOf({ prompt: text, variables }, values)
      assert.strictEqual(PromptTemplate.plainText(parts), "a b {{__proto__}}")
      const error = yield* Effect.flip(PromptTemplate.partsOf({ prompt: text, variables }, {}))
      assert.strictEqual(error.field, "prompt.variables.__proto__")
    }))
})
