/** What is searched for secrets of a stream that was written here. */
import { assert, describe, it } from "@effect/vitest"
import { WrittenStream } from "../../../src/kernel/requests/WrittenStream.ts"

describe("WrittenStream", () => {
  it("has what is new of the text that it wrote, and nothing of another", () => {
    const written = new WrittenStream()
    written.add("one two ")
    written.add("one three", "three")
    assert.strictEqual(written.newsOf("one two one three"), "one two three")
    assert.isUndefined(written.newsOf("one two"))
    assert.isUndefined(written.newsOf("one two one thxxx"))
    assert.isUndefined(written.newsOf("one two one three and more"))
  })
})
