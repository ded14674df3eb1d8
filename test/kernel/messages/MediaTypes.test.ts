/** What a file is. */
import { assert, describe, it } from "@effect/vitest"
import * as MediaTypes from "../../../src/kernel/messages/MediaTypes.ts"

describe("MediaTypes", () => {
  it.each([
    ["image/PNG", "a.txt", "image/png"],
    ["text/plain; charset=utf-8", "a", "text/plain"],
    ["application/octet-stream", "a.PDF", "application/pdf"],
    ["", "notes.md", "text/markdown"],
    ["", "a.b.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ["application/octet-stream", "a.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    ["", "pdf", "application/octet-stream"],
    ["", "constructor.toString", "application/octet-stream"],
    ["", "a.constructor", "application/octet-stream"]
  ])("are what a client says, or else what the name ends in: %s, %s", (given, name, expected) => {
    assert.strictEqual(MediaTypes.of(given, name), expected)
  })

  it("have an ending, and it leads back to them", () => {
    for (const ending of ["pdf", "docx", "html", "md", "jpeg", "csv", "txt"] as const) {
      assert.strictEqual(MediaTypes.endingOf(MediaTypes.ofEnding(ending)), ending)
    }
    for (const type of ["constructor", "application/x-none"]) assert.isUndefined(MediaTypes.endingOf(type))
  })

  it("tell text and images apart", () => {
    assert.deepStrictEqual(
      ["text/csv", "application/json", "application/ld+json", "application/pdf", "image/png"].map(MediaTypes.isText),
      [true, true, true, false, false]
    )
    assert.deepStrictEqual(["image/png", "text/plain"].map(MediaTypes.isImage), [true, false])
  })
})
