/** `remote::strata` for file processors: what it gives is what the other Strata gives. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../../src/events/types/JsonAccess.ts"
import { Strata } from "../../../support/Strata.ts"
import * as VectorWorld from "../../../support/VectorWorld.ts"

const process = (url: string, content: Uint8Array<ArrayBuffer> | string, name: string) =>
  Effect.promise(() => {
    const form = new FormData()
    form.append("file", new File([content], name))
    form.append(
      "chunking_strategy",
      JSON.stringify({ type: "static", static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 20 } })
    )
    return fetch(`${url}/v1alpha/file-processors/process`, { method: "POST", body: form }).then((answer) =>
      answer.json().then((json: unknown) => ({ status: answer.status, json }))
    )
  })

const given = Effect.gen(function*() {
  const back = yield* Strata.make({ more: VectorWorld.more })
  const front = yield* Strata.make({
    more: {
      ...VectorWorld.more,
      file_processors: [{ provider_id: "far", provider_type: "remote::strata", config: { base_url: back.url } }]
    }
  })
  return { back, front }
})

const chunksOf = (json: unknown) =>
  (field(json, "chunks") as ReadonlyArray<unknown>).map((chunk) => [
    field(chunk, "content"),
    field(chunk, "metadata"),
    field(field(chunk, "chunk_metadata"), "chunk_window"),
    field(field(chunk, "chunk_metadata"), "content_token_count")
  ])

describe("remote::strata for file processors", () => {
  it.live(
    "given a text that is cut into chunks, then they are those of the other Strata",
    () =>
      Effect.gen(function*() {
        const { back, front } = yield* given
        const text = VectorWorld.longText(60)
        const near = yield* process(back.url, text, "notes.txt")
        const far = yield* process(front.url, text, "notes.txt")
        assert.strictEqual(far.status, 200, JSON.stringify(far.json))
        assert.isAbove(chunksOf(near.json).length, 3)
        assert.deepStrictEqual(chunksOf(far.json), chunksOf(near.json))
        assert.deepStrictEqual(field(far.json, "metadata"), field(near.json, "metadata"))
      }),
    30_000
  )

  it.live("given a file that nobody reads, then the refusal is that of the other Strata", () =>
    Effect.gen(function*() {
      const { back, front } = yield* given
      const bytes = Uint8Array.from({ length: 64 }, (_, at) => (at * 37) % 256)
      const near = yield* process(back.url, bytes, "a.bin")
      const far = yield* process(front.url, bytes, "a.bin")
      assert.isAtLeast(near.status, 400)
      assert.strictEqual(far.status, near.status)
      assert.strictEqual(field(field(far.json, "error"), "code"), field(field(near.json, "error"), "code"))
    }), 30_000)
})
