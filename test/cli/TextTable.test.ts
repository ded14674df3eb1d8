/** Columns are as wide as what stands in them. */
import { assert, describe, it } from "@effect/vitest"
import * as TextTable from "../../src/cli/TextTable.ts"

describe("TextTable", () => {
  it("puts texts at the left and numbers at the right, and nothing behind the last", () => {
    const lines = TextTable.lines([{ title: "model" }, { title: "calls", right: true }, { title: "note" }], [
      ["gpt-4o-mini", "12", "x"],
      ["o3", "1234567", ""],
      ["m"]
    ])
    assert.deepStrictEqual(lines, [
      "model          calls  note",
      "gpt-4o-mini       12  x",
      "o3           1234567",
      "m"
    ])
  })

  it("has its titles where there are no rows", () =>
    assert.deepStrictEqual(TextTable.lines([{ title: "a" }, { title: "b", right: true }], []), ["a  b"]))
})
