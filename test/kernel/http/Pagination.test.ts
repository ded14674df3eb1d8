/** Lists come a page at a time: the cursor is the last id, and one item too many says that there is more. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { count, listOf, toPage } from "../../../src/kernel/http/Pagination.ts"

const items = (...ids: ReadonlyArray<string>) => ids.map((id) => ({ id }))

const pages = [
  { name: "nothing", read: items(), limit: 2, ids: [], first: null, last: null, more: false },
  { name: "less than a page", read: items("a"), limit: 2, ids: ["a"], first: "a", last: "a", more: false },
  { name: "just a page", read: items("a", "b"), limit: 2, ids: ["a", "b"], first: "a", last: "b", more: false },
  {
    name: "one more than a page",
    read: items("a", "b", "c"),
    limit: 2,
    ids: ["a", "b"],
    first: "a",
    last: "b",
    more: true
  }
]

const Query = Schema.Struct({ limit: count({ default: 20, maximum: 100, description: "Items a page." }) })
const decode = Schema.decodeUnknownEffect(Query)

describe("Pagination", () => {
  it.each(pages)("makes a page of $name", ({ first, ids, last, limit, more, read }) => {
    assert.deepStrictEqual(toPage(read, limit), {
      object: "list",
      data: items(...ids),
      first_id: first,
      last_id: last,
      has_more: more
    })
  })

  it("a page is what its Schema says", () => {
    const List = listOf(Schema.Struct({ id: Schema.String }))
    const page = toPage(items("a", "b"), 1)
    assert.deepStrictEqual(Schema.decodeSync(List)(page), page)
  })

  it.effect.each([1, 20, 100])("a page may hold %d items", (limit) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* decode({ limit }), { limit })
    }))

  it.effect.each([0, 101, -1, 1.5, "20", null])("a page can't hold %s items", (limit) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(decode({ limit })))._tag, "SchemaError")
    }))

  it.effect("holds the default where nobody says", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* decode({}), { limit: 20 })
    }))

  it("says its bounds", () => {
    const document = Schema.toJsonSchemaDocument(Schema.toType(Query))
    assert.include(JSON.stringify(document), "Items a page. Default 20, at most 100.")
  })
})
