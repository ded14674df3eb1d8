/** The processor of this process, as a provider. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { FileProcessor } from "../../../../src/apis/file-processors/FileProcessor.ts"
import { ExtractionLimits } from "../../../../src/kernel/extraction/ExtractionLimits.ts"
import { auto } from "../../../../src/kernel/text/ChunkingStrategy.ts"
import { AutoProcessor } from "../../../../src/providers/inline/auto/AutoProcessor.ts"
import * as OfficeFiles from "../../../support/OfficeFiles.ts"

const given = (config: typeof ExtractionLimits.Encoded) =>
  Effect.gen(function*() {
    const decoded = yield* Schema.decodeEffect(ExtractionLimits)(config)
    const context = yield* Layer.build(AutoProcessor.layer(decoded, { provider_id: "auto" } as never))
    return Context.get(context, FileProcessor)
  })

describe("inline::auto", () => {
  it.live("reads a file in a thread, and says how far it is", () =>
    Effect.gen(function*() {
      const processor = yield* given({})
      const done: Array<number> = []
      const file = { name: "a.pdf", contentType: "application/pdf", bytes: OfficeFiles.pdf(["Oslo.", "Bergen."]) }
      const { chunks, text } = yield* processor.process(file, {
        chunking: auto,
        onProgress: (share) => void done.push(share)
      })
      assert.strictEqual(text, "Oslo.\n\nBergen.")
      assert.strictEqual(chunks.length, 1)
      assert.strictEqual(done.at(-1), 1)
      // The bytes are still the caller's.
      assert.strictEqual(file.bytes.subarray(0, 5).toString(), "%PDF-")
    }))

  it.live("keeps to the limits of its configuration, also where they come as text from the environment", () =>
    Effect.gen(function*() {
      const processor = yield* given({ max_pages: "1", max_file_bytes: 5000 })
      assert.strictEqual(processor.maxFileBytes, 5000)
      const file = { name: "a.pdf", contentType: "application/pdf", bytes: OfficeFiles.pdf(["Oslo.", "Bergen."]) }
      const error = yield* Effect.flip(processor.process(file, { chunking: auto }))
      assert.include(error, { _tag: "FileUnreadable", reason: "too_large" })
      assert.include(error.message, "max_pages")
    }))
})
