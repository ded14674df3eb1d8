/** Equal JSON has one key. */
import { assert, it } from "@effect/vitest"
import * as JsonKey from "../../../src/kernel/dialects/JsonKey.ts"

it("what is equal has the same key, in whatever order its names stand", () => {
  assert.strictEqual(
    JsonKey.of({ a: 1, b: { c: [1, { d: null, e: "x" }] } }),
    JsonKey.of({
      b: { c: [1, { e: "x", d: null }] },
      a: 1
    })
  )
  const different = [{ a: 1 }, { a: "1" }, [1], 1, "1", null, { a: null }, [[1]]]
  assert.strictEqual(new Set(different.map(JsonKey.of)).size, different.length)
})
