/** Inputs of batches are looked at line by line, up to as many as a batch may have. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { mostRequests } from "../../../src/apis/batches/BatchEndpoints.ts"
import type { ReadLine } from "../../../src/apis/batches/BatchLine.ts"
import * as BatchValidation from "../../../src/apis/batches/BatchValidation.ts"

const lineOf = (line: number, custom_id = `q${line}`): ReadLine => ({
  _tag: "Line",
  line: { line, custom_id, body: "{}" }
})
const lines = (count: number) => Stream.map(Stream.range(1, count), (line) => lineOf(line))

describe("looking at a batch's input", () => {
  it.effect("takes as many lines as a batch may have", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* BatchValidation.run(lines(mostRequests)), { total: mostRequests, errors: [] })
    }))

  it.effect("refuses one more, and reads nothing behind it", () =>
    Effect.gen(function*() {
      let read = 0
      const more = Stream.map(lines(mostRequests * 3), (line) => {
        read += 1
        return line
      })
      const { errors } = yield* BatchValidation.run(Stream.rechunk(more, 1000))
      assert.deepStrictEqual(errors.map(({ code, line }) => [code, line]), [["too_many_lines", mostRequests + 1]])
      assert.isBelow(read, mostRequests * 2)
    }))

  it.effect("tells long custom_ids apart, and finds the same one again", () =>
    Effect.gen(function*() {
      const long = "x".repeat(400)
      const { errors } = yield* BatchValidation.run(
        Stream.fromIterable([lineOf(1, `${long}1`), lineOf(2, `${long}2`), lineOf(3, `${long}1`)])
      )
      assert.deepStrictEqual(errors.map(({ code, line }) => [code, line]), [["duplicate_custom_id", 3]])
      assert.include(errors[0]?.message ?? "", `${long}1`)
    }))
})
