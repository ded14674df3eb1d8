/** Vectors as numbers and as base64. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as EmbeddingVector from "../../../src/kernel/embeddings/EmbeddingVector.ts"

const Floats = Schema.NonEmptyArray(Schema.Finite)

describe("EmbeddingVector", () => {
  it("writes little-endian 32-bit floats", () => {
    assert.strictEqual(EmbeddingVector.toBase64([0.5, -1, 0.25, 2]), "AAAAPwAAgL8AAIA+AAAAQA==")
    assert.deepStrictEqual(Array.from(EmbeddingVector.fromBase64("AAAAPwAAgL8AAIA+AAAAQA==") ?? []), [0.5, -1, 0.25, 2])
  })

  it.prop("reads what it writes, to the precision of a float", { vector: Floats }, ({ vector }) => {
    const read = EmbeddingVector.fromBase64(EmbeddingVector.toBase64(vector))
    assert.deepStrictEqual(Array.from(read ?? []), vector.map(Math.fround))
  })

  it.prop("reads any text without a throw", { text: Schema.String }, ({ text }) => {
    const read = EmbeddingVector.fromBase64(text)
    assert.isTrue(read === undefined || read.length > 0)
  })

  it.each(["", "AAA=", "AAAA", "not base64", "AAAAPw==AAAAPw==", "ÄÖÜ"])("finds no vector in %s", (text) => {
    assert.isUndefined(EmbeddingVector.fromBase64(text))
  })

  it.each([[[1, Number.NaN]], [[Number.POSITIVE_INFINITY]], [[1e300]], [["1"]], [[null]], [[[1]]]])(
    "takes %j for no numbers",
    (vector) => assert.isFalse(EmbeddingVector.isFinite(vector))
  )
})
