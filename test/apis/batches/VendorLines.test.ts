import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema, Stream } from "effect"
import * as VendorLines from "../../../src/apis/batches/VendorLines.ts"
import { ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"

const line = (line: number, body = "{}") => ({ line, custom_id: `c${line}`, body })
const taken = ({ body }: { readonly body: string }) => Effect.succeed(Result.succeed(body))

describe("VendorLines", () => {
  it("have ids that are a tenant's and a batch's own, and that every vendor takes", () => {
    const prefix = VendorLines.prefixOf("t", "batch_1")
    assert.notStrictEqual(prefix, VendorLines.prefixOf("u", "batch_1"))
    assert.notStrictEqual(prefix, VendorLines.prefixOf("t", "batch_2"))
    assert.match(`${prefix}100000`, /^[a-zA-Z0-9_-]{1,64}$/)
  })

  it.effect("are prepared in their order, or say which of them can't be sent", () =>
    Effect.gen(function*() {
      const lines = Stream.make(line(1), line(3))
      assert.deepStrictEqual(yield* VendorLines.prepare(lines, taken, "p_"), {
        lines: [{ custom_id: "p_1", body: "{}" }, { custom_id: "p_3", body: "{}" }],
        errors: []
      })
      const refused = () => Effect.succeed(Result.fail({ code: "model_not_found", message: "There is none." }))
      const { errors } = yield* VendorLines.prepare(lines, refused, "p_")
      assert.deepStrictEqual(errors.map((error) => error.line), [1, 3])
    }))

  it.effect("are not sent where they are longer together than a request may be", () =>
    Effect.gen(function*() {
      const half = "x".repeat(VendorLines.mostCharacters / 2 + 1)
      const { errors, lines } = yield* VendorLines.prepare(Stream.make(line(1, half), line(2, half)), taken, "p_")
      assert.deepStrictEqual(lines, [])
      assert.deepInclude(errors[0], { code: "batch_too_long", line: null, param: "provider_id" })
    }))

  it("have the vendor's answers by their ids; of a whole batch also those that it lost", () => {
    const answer = { custom_id: "p_1", status: 200, body: "{}" }
    assert.deepStrictEqual(VendorLines.answersOf([answer], "p_", true)(1), answer)
    assert.deepInclude(VendorLines.answersOf([answer], "p_", true)(2), { status: 502 })
    assert.isUndefined(VendorLines.answersOf([answer], "p_", false)(2))
  })

  it("are counted as the input has them, where a vendor says what is wrong", () => {
    const error = { code: "c", message: "m", param: null }
    assert.deepStrictEqual(
      VendorLines.errorsOf([{ ...error, line: 2 }, { ...error, line: null }], [1, 5]).map(({ line }) => line),
      [5, null]
    )
    assert.deepInclude(VendorLines.errorsOf([], [1])[0], { code: "vendor_refused" })
  })

  it("are answered as calls: the good ones with bytes, the others with the vendor's refusal", () => {
    const good = VendorLines.callOf("p", { custom_id: "p_1", status: 200, body: "{}" })
    assert.deepInclude(good.answer, { status: 200, body: "{}" })
    assert.isUndefined(good.failure)
    const bad = VendorLines.callOf("p", { custom_id: "p_1", status: 429, body: "{\"error\":{}}" })
    assert.isNull(bad.answer.status)
    const rejected = Schema.decodeSync(Schema.fromJsonString(ProviderRejected))(bad.answer.body ?? "")
    assert.deepInclude(rejected, { status: 429, text: "{\"error\":{}}" })
  })
})
