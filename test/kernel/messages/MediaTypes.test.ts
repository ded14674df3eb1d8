/** What a file is. */
import { assert, describe, it } from "@effect/vitest"
import * as MediaTypes from "../../../src/kernel/messages/MediaTypes.ts"

describe("MediaTypes", () => {
  it.each([
    ["image/PNG", "a.txt", "image/png"],
    ["text/plain; charset=utf-8", "a", "text/plain"],
    ["application/octet-stream", "a.PDF", "application/pdf"],
    ["", "notes.md", "text/markdown"],
    ["", "constructor.toString", "application/octet-stream"]
  ])("are what a client says, or else what the name ends in: %s, %s", (given, name, expected) => {
    assert.strictEqual(MediaTypes.of(given, name), expected)
  })

  it("tell text and images apart", () => {
    assert.deepStrictEqual(
      ["text/csv", "application/json", "application/ld+json", "application/pdf", "image/png"].map(MediaTypes.isText),
      [true, true, true, false, false]
    )
    assert.deepStrictEqual(["image/png", "text/plain"].map(MediaTypes.isImage), [true, false])
  })
})
