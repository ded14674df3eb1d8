import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as OutgoingForm from "../../../src/kernel/bytes/OutgoingForm.ts"

describe("OutgoingForm", () => {
  it.effect("given fields and a file, then a reader of forms gets them as they were, whatever they are called", () =>
    Effect.gen(function*() {
      const bytes = Uint8Array.of(0, 13, 10, 45, 45, 255)
      const file = { field: "file", filename: "Åse \"x\"\r\n.bin", contentType: "text/x\r\nevil: 1" }
      const { contentType, stream } = OutgoingForm.make({ purpose: "batch" }, file, Stream.make(bytes))
      const body = Buffer.concat(yield* Stream.runCollect(stream))
      const form = yield* Effect.promise(() =>
        new Response(body, { headers: { "content-type": contentType } }).formData()
      )
      const sent = form.get("file") as File
      assert.strictEqual(form.get("purpose"), "batch")
      assert.deepStrictEqual([...new Uint8Array(yield* Effect.promise(() => sent.arrayBuffer()))], [...bytes])
      assert.notInclude(body.toString("latin1"), "\r\nevil")
    }))
})
