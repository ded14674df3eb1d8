/** Tools from code. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import * as Tool from "../../../src/kernel/tools/Tool.ts"

const Input = Schema.Struct({ city: Schema.String, days: Schema.optionalKey(Schema.Int) })

const weather = Tool.make({
  name: "get_weather",
  description: "The weather.",
  input: Input,
  output: Schema.Struct({ at: Schema.Date, celsius: Schema.Finite }),
  execute: () => Effect.succeed({ at: DateTime.toDate(DateTime.makeUnsafe(0)), celsius: 4 })
})

describe("a tool", () => {
  it("has the JSON Schema of its input", () => {
    const { input_schema } = weather.definition
    assert.strictEqual(input_schema["type"], "object")
    assert.deepStrictEqual(input_schema["required"], ["city"])
    const none = Tool.make({ name: "x", description: "", execute: () => Effect.succeed("y") })
    assert.strictEqual(none.definition.input_schema["type"], "object")
  })

  it.effect("gives a value as JSON text and as structured content", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* weather.run({ city: "Oslo" }), {
        content: [{ type: "text", text: "{\"at\":\"1970-01-01T00:00:00.000Z\",\"celsius\":4}" }],
        structured_content: { at: "1970-01-01T00:00:00.000Z", celsius: 4 },
        is_error: false
      })
    }))

  it.effect("says which argument is wrong, and never what stood there", () =>
    Effect.gen(function*() {
      const { content, is_error } = yield* weather.run({ days: "sk-secret" })
      assert.isTrue(is_error)
      const [{ text }] = content as unknown as readonly [{ readonly text: string }]
      assert.match(text, /city: missing/)
      assert.match(text, /days: expected a/)
      assert.notInclude(text, "sk-secret")
    }))

  it.effect("that raises, or has a bug, is a result that failed", () =>
    Effect.gen(function*() {
      for (
        const execute of [() => Effect.fail("no"), () => Effect.die("no"), () => {
          throw new Error("no")
        }]
      ) {
        const tool = Tool.make({ name: "x", description: "", execute: execute as () => Effect.Effect<string, string> })
        assert.deepStrictEqual(yield* tool.run({}), { content: [{ type: "text", text: "no" }], is_error: true })
      }
    }))
})
