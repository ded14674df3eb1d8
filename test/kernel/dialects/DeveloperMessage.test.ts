/** A developer's words stand in a frame, from the first text to the last. */
import { assert, describe, it } from "@effect/vitest"
import { asFile } from "../../../src/kernel/dialects/DeveloperMessage.ts"

const text = (text: string) => ({ type: "text" as const, text })

describe("DeveloperMessage", () => {
  it("frames one text, or several", () => {
    assert.deepStrictEqual(asFile([text("a")]), [text("<context_file>\na\n</context_file>")])
    const image = { type: "image" as const, source: { type: "url", url: "https://example.com" } }
    assert.deepStrictEqual(asFile([text("a"), image, text("b"), text("")]), [
      text("<context_file>\na"),
      image,
      text("b\n</context_file>"),
      text("")
    ])
  })
})
