/** Whole numbers as a file or the environment writes them. */
import { assert, describe, it } from "@effect/vitest"
import { Exit, Schema } from "effect"
import { whole, wholeNumber } from "../../../src/kernel/config/ConfigurationFields.ts"

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
