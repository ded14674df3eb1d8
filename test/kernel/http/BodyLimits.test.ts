import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { InsertChunks, QueryChunks } from "../../../src/apis/vector-io/VectorIoModels.ts"
import { SearchVectorStore } from "../../../src/apis/vector-stores/VectorSearchModels.ts"
import { CreateFileBatch } from "../../../src/apis/vector-stores/VectorStoreFilesModels.ts"
import * as BodyLimits from "../../../src/kernel/http/BodyLimits.ts"

const list = <A>(length: number, item: A): ReadonlyArray<A> => Array.from({ length }, () => item)
const record = (length: number) => Object.fromEntries(list(length, "v").map((value, at) => [`k${at}`, value]))

/** Whether an item is decoded: an accessor that is read says so. */
const untouched = (length: number): ReadonlyArray<object> =>
  list(
    length,
    Object.defineProperty({}, "file_id", {
      enumerable: true,
      get: () => {
        throw new Error("an item was looked at")
      }
    })
  )

const pathOf = (schema: Schema.Top, body: unknown) => BodyLimits.of(schema)(body)?.path

describe("the limits of a body", () => {
  it("are those of its lists and records, wherever they stand, and no item is looked at", () => {
    assert.deepStrictEqual(BodyLimits.of(CreateFileBatch)({ files: untouched(2001) }), {
      path: "files",
      message: "Expected at most 2000 files"
    })
    assert.strictEqual(pathOf(CreateFileBatch, { file_ids: ["a"], attributes: record(17) }), "attributes")
    assert.strictEqual(pathOf(CreateFileBatch, { files: [{}, { attributes: record(17) }] }), "files.1.attributes")
    assert.strictEqual(pathOf(SearchVectorStore, { query: list(21, "q") }), "query")
    const chunk = { chunk_id: "a", content: "x" }
    assert.strictEqual(pathOf(InsertChunks, { chunks: list(10_001, chunk) }), "chunks")
    assert.strictEqual(
      pathOf(InsertChunks, { chunks: [{ ...chunk, embedding: list(40_000, 1) }] }),
      "chunks.0.embedding"
    )
    assert.strictEqual(pathOf(InsertChunks, { chunks: [{ ...chunk, content: list(1001, {}) }] }), "chunks.0.content")
    const deep = { metadata: { a: { b: list(1001, 1) } } }
    assert.strictEqual(pathOf(InsertChunks, { chunks: [chunk, { ...chunk, ...deep }] }), "chunks.1.metadata")
    assert.strictEqual(pathOf(QueryChunks, { params: { embedding: list(70_000, 1) } }), "params")
  })

  it("count the conditions of a filter on all of its levels", () => {
    const one = { type: "eq", key: "a", value: 1 }
    const filter = (...counts: ReadonlyArray<number>) => ({
      type: "and",
      filters: counts.map((count) => ({ type: "or", filters: list(count, one) }))
    })
    assert.strictEqual(pathOf(SearchVectorStore, { query: "q", filters: filter(100, 150) }), undefined)
    assert.strictEqual(pathOf(SearchVectorStore, { query: "q", filters: filter(100, 200) }), "filters")
    assert.strictEqual(pathOf(SearchVectorStore, { query: "q", filters: filter(257) }), "filters")
  })

  it("refuse nothing that the Schema takes, and leave to it what is of another kind", () => {
    assert.strictEqual(
      pathOf(CreateFileBatch, { files: null, file_ids: list(2000, "a"), attributes: record(16) }),
      undefined
    )
    assert.strictEqual(pathOf(SearchVectorStore, { query: "q".repeat(100_000), filters: null }), undefined)
    for (const body of [undefined, null, "text", [], { files: "x", file_ids: 5, attributes: [] }, { query: {} }]) {
      assert.strictEqual(pathOf(CreateFileBatch, body), undefined)
      assert.strictEqual(pathOf(SearchVectorStore, body), undefined)
    }
  })

  it("of a union are refused where every member that the value can be refuses them", () => {
    const few = Schema.Struct({
      kind: Schema.Literal("few"),
      list: Schema.Array(Schema.String).check(Schema.isMaxLength(1))
    })
    const many = Schema.Struct({
      kind: Schema.Literal("many"),
      list: Schema.Array(Schema.String).check(Schema.isMaxLength(3))
    })
    const either = Schema.Union([few, many])
    const of = (kind: string, length: number) => pathOf(either, { kind, list: list(length, "a") })
    assert.deepStrictEqual([of("few", 2), of("many", 2), of("many", 4), of("other", 9)], [
      "list",
      undefined,
      "list",
      undefined
    ])
  })

  it("are asked of bodies alone that are long enough to have so many", () => {
    const text = JSON.stringify({ query: list(21, "q") })
    const limits = BodyLimits.of(SearchVectorStore)
    assert.strictEqual(BodyLimits.refusalOf(limits, text, () => assert.fail("parsed")), undefined)
    const long = JSON.stringify({ query: list(21, "q".repeat(5000)) })
    const refused = BodyLimits.refusalOf(limits, long, () => JSON.parse(long))
    assert.deepInclude(refused?.error, {
      param: "query",
      message: "The request is not understood. query: Expected at most 20 queries."
    })
  })
})
