/** Which files are kept here, and what they are to a model. Reading them is tested with the APIs that name them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as GivenFiles from "../../../src/apis/files/GivenFiles.ts"

const ours = `file-${"0".repeat(48)}`

describe("GivenFiles", () => {
  it("are those whose ids are made here", () => {
    assert.deepStrictEqual([ours, "file-abc", 5, undefined].map(GivenFiles.idOf), [
      ours,
      undefined,
      undefined,
      undefined
    ])
  })

  it("are data: URLs, images or not", () => {
    const file = { file_id: ours, filename: "a.png", media_type: "image/png", bytes: 1, data: "AA==", reason: null }
    assert.strictEqual(GivenFiles.urlOf(file), "data:image/png;base64,AA==")
    assert.isTrue(GivenFiles.isImage(file))
    assert.isFalse(GivenFiles.isImage({ ...file, media_type: "text/plain" }))
  })

  it.effect("are refused by the field where none are kept", () =>
    Effect.gen(function*() {
      const { read } = yield* GivenFiles.ofRequest
      const { message, param } = yield* Effect.flip(read(ours, "input[0].file_id"))
      assert.strictEqual(param, "input[0].file_id")
      assert.include(message, "no files are kept here")
    }))
})
