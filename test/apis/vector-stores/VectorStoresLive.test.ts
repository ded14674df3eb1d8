// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { BadRequestError, ConflictError, NotFoundError, toFile } from "openai"
import type OpenAI from "openai"
import { ask, refusal } from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const { longText, texts } = VectorWorld

const poll = { pollIntervalMs: 20 }

const named = (name: string, text: string) => toFile(Buffer.from(text), name)

const upload = (client: OpenAI, name: string, text: string) =>
  ask(async () => client.files.create({ file: await named(name, text), purpose: "assistants" }))

const given = Effect.fnUntraced(function*() {
  const world = yield* VectorWorld.make()
  const store = yield* ask(() => world.client.vectorStores.create({ name: "Manuals", metadata: { team: "docs" } }))
  return { ...world, store, id: store.id }
})

/** A store with three files of which each says what it is about. */
const filled = Effect.fnUntraced(function*() {
  const world = yield* given()
  const { client, id } = world
  for (const [about, text] of Object.entries(texts)) {
    const file = yield* upload(client, `${about}.txt`, text)
    const attached = yield* ask(() =>
      client.vectorStores.files.createAndPoll(
        id,
        { file_id: file.id, attributes: { about, length: text.length } },
        poll
      )
    )
    assert.strictEqual(attached.status, "completed", JSON.stringify(attached.last_error))
  }
  return world
})

describe.each(ways)("vector stores, with OpenAI's client and no key, before $way", ({ it }) => {
  it.live(
    "of an id that a client chose are the same when it asks again, without a question to a model",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client } = yield* given()
        const make = (more: object) => client.vectorStores.create({ id: "vs_mine1234", ...more } as object)
        const first = yield* ask(() => make({ name: "Mine", embedding_dimension: 384 }))
        const again = yield* ask(() => make({ embedding_dimension: 384 }))
        assert.deepInclude(again, { id: first.id, name: "Mine" })
        const other = yield* refusal(() => make({ embedding_dimension: 3 }))
        assert.instanceOf(other, ConflictError)
        assert.include(other.message, "vectors of another length: 384")
        const { embedding_model } = first as unknown as { readonly embedding_model: string }
        const model = yield* ask(() => make({ embedding_model, embedding_dimension: 384 }))
        assert.strictEqual(model.id, first.id)
        const unknown = yield* refusal(() => make({ embedding_model: "nobody/none", embedding_dimension: 384 }))
        assert.instanceOf(unknown, NotFoundError)
      })),
    60_000
  )

  it.live(
    "that were deleted never come back with what was in them: their id is taken for good",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, strata: { url } } = yield* given()
        const id = "vs_mine5678"
        const make = () => client.vectorStores.create({ id } as object)
        yield* ask(make)
        const chunks = [{ chunk_id: "a", content: texts.cold, chunk_metadata: { document_id: "d" } }]
        assert.strictEqual((yield* Http.post(url, "/v1/vector-io/insert", { vector_store_id: id, chunks })).status, 204)
        yield* ask(() => client.vectorStores.delete(id))
        const taken = yield* refusal(make)
        assert.instanceOf(taken, ConflictError)
        assert.include(taken.message, "choose another")
        const query = yield* Http.post(url, "/v1/vector-io/query", { vector_store_id: id, query: "cold" })
        assert.strictEqual(query.status, 404, query.text)
      })),
    60_000
  )

  it.live(
    "are made, listed, changed and deleted",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id, store } = yield* given()
        assert.deepInclude(store, { object: "vector_store", name: "Manuals", status: "completed", usage_bytes: 0 })
        const described = yield* ask(() => client.vectorStores.create({ name: "described", description: "Of pumps" }))
        assert.propertyVal(yield* ask(() => client.vectorStores.retrieve(described.id)), "description", "Of pumps")
        yield* ask(() => client.vectorStores.delete(described.id))
        assert.deepStrictEqual(store.file_counts, { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 })
        for (const name of ["second", "third"]) yield* ask(() => client.vectorStores.create({ name }))
        const names = yield* ask(async () => {
          const all: Array<string> = []
          for await (const each of client.vectorStores.list({ limit: 1, order: "asc" })) all.push(each.name)
          return all
        })
        assert.deepStrictEqual(names, ["Manuals", "second", "third"])
        const changed = yield* ask(() =>
          client.vectorStores.update(id, { name: "Handbooks", expires_after: { anchor: "last_active_at", days: 2 } })
        )
        assert.deepInclude(changed, { name: "Handbooks", metadata: { team: "docs" } })
        assert.strictEqual(changed.expires_at, changed.last_active_at! + 2 * 86_400)
        assert.deepStrictEqual(yield* ask(() => client.vectorStores.retrieve(id)), changed)
        assert.include(yield* ask(() => client.vectorStores.delete(id)), { id, deleted: true })
        const gone = yield* refusal(() => client.vectorStores.retrieve(id))
        assert.instanceOf(gone, NotFoundError)
        assert.strictEqual(gone.code, "vector_store_not_found")
      })),
    60_000
  )

  it.live(
    "find what a question means, and what a filter leaves",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id } = yield* filled()
        const search = (body: OpenAI.VectorStoreSearchParams) =>
          Effect.map(ask(() => client.vectorStores.search(id, body)), ({ data }) => data)
        const abouts = (results: ReadonlyArray<{ readonly filename: string }>) =>
          results.map(({ filename }) => filename)
        const [first, ...others] = yield* search({ query: "Which city has low temperatures?" })
        assert.deepInclude(first!, { filename: "cold.txt", content: [{ type: "text", text: texts.cold }] })
        assert.deepInclude(first!.attributes!, { about: "cold" })
        assert.strictEqual(others.length, 2)
        assert.isTrue(others.every(({ score }) => score <= first!.score && score >= 0), "the highest score first")
        const both = yield* search({ query: ["something sweet to eat", "credit"], max_num_results: 2 })
        assert.sameMembers(abouts(both), ["fruit.txt", "money.txt"])
        const filters = {
          type: "and" as const,
          filters: [
            { type: "ne" as const, key: "about", value: "cold" },
            { type: "gte" as const, key: "length", value: texts.fruit.length }
          ]
        }
        assert.deepStrictEqual(abouts(yield* search({ query: "winter", filters })), ["fruit.txt"])
        const rewritten = yield* refusal(() => client.vectorStores.search(id, { query: "winter", rewrite_query: true }))
        assert.instanceOf(rewritten, BadRequestError)
        assert.strictEqual(rewritten.param, "rewrite_query")
        const none = yield* search({
          query: "winter",
          ranking_options: { score_threshold: 0.99 },
          rewrite_query: false
        })
        assert.deepStrictEqual(none, [])
        const words = yield* search({ query: "lends", search_mode: "keyword" } as OpenAI.VectorStoreSearchParams)
        assert.deepStrictEqual(abouts(words), ["money.txt"])
        const hybrid = yield* search({
          query: "interest",
          ranking_options: { hybrid_search: { embedding_weight: 1, text_weight: 2 } }
        } as OpenAI.VectorStoreSearchParams)
        assert.strictEqual(hybrid[0]!.filename, "money.txt")
      })),
    60_000
  )

  it.live(
    "take files, say how far they are, and let them go",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id } = yield* given()
        const text = longText(200)
        const polled = yield* ask(async () =>
          client.vectorStores.files.uploadAndPoll(id, await named("long.txt", text), poll)
        )
        assert.deepInclude(polled, {
          object: "vector_store.file",
          vector_store_id: id,
          status: "completed",
          attributes: {}
        })
        const file = { vector_store_id: id }
        const content = yield* ask(() => client.vectorStores.files.content(polled.id, file))
        assert.isAbove(content.data.length, 2)
        assert.include(content.data[0]!.text!, "Sentence number 0 ")
        assert.include(content.data.at(-1)!.text!, "Sentence number 199 ")
        const store = yield* ask(() => client.vectorStores.retrieve(id))
        assert.deepInclude(store, { usage_bytes: polled.usage_bytes, status: "completed" })
        assert.deepInclude(store.file_counts, { completed: 1, total: 1 })
        const changed = yield* ask(() =>
          client.vectorStores.files.update(polled.id, { ...file, attributes: { year: 2024 } })
        )
        assert.deepStrictEqual(changed.attributes, { year: 2024 })
        const filters = { type: "eq" as const, key: "year", value: 2024 }
        const results = yield* ask(() =>
          client.vectorStores.search(id, { query: "item 7", filters, max_num_results: 50 })
        )
        assert.strictEqual(results.data.length, content.data.length)
        const again = yield* ask(() =>
          client.vectorStores.files.createAndPoll(id, {
            file_id: polled.id,
            chunking_strategy: { type: "static", static: { max_chunk_size_tokens: 4000, chunk_overlap_tokens: 0 } }
          }, poll)
        )
        assert.deepInclude(again, { status: "completed", attributes: {} })
        const one = yield* ask(() => client.vectorStores.files.content(polled.id, file))
        assert.strictEqual(one.data.length, 1, "the chunks of before are gone")
        yield* ask(() => client.vectorStores.files.delete(polled.id, file))
        assert.instanceOf(yield* refusal(() => client.vectorStores.files.retrieve(polled.id, file)), NotFoundError)
        assert.deepStrictEqual((yield* ask(() => client.vectorStores.search(id, { query: "item 7" }))).data, [])
        assert.deepInclude((yield* ask(() => client.vectorStores.retrieve(id))).file_counts, { completed: 0, total: 0 })
        yield* ask(() => client.files.retrieve(polled.id))
      })),
    60_000
  )

  it.live(
    "say what is wrong with a file that can't be read",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id } = yield* given()
        const broken = yield* ask(async () =>
          client.files.create({ file: await toFile(Buffer.from("%PDF-1.7\nnothing"), "a.pdf"), purpose: "assistants" })
        )
        const failed = yield* ask(() => client.vectorStores.files.createAndPoll(id, { file_id: broken.id }, poll))
        assert.strictEqual(failed.status, "failed")
        assert.strictEqual(failed.last_error?.code, "invalid_file")
        const list = yield* ask(() => client.vectorStores.files.list(id, { filter: "failed" }))
        assert.deepStrictEqual(list.data.map(({ id }) => id), [broken.id])
        const unknown = yield* refusal(() => client.vectorStores.files.create(id, { file_id: "file-none" }))
        assert.instanceOf(unknown, NotFoundError)
      })),
    60_000
  )

  it.live(
    "take files in batches, and page through them",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id } = yield* given()
        const files: Array<string> = []
        for (const [name, text] of Object.entries(texts)) files.push((yield* upload(client, `${name}.txt`, text)).id)
        const batch = yield* ask(() => client.vectorStores.fileBatches.createAndPoll(id, { file_ids: files }, poll))
        assert.deepInclude(batch, { object: "vector_store.files_batch", status: "completed", vector_store_id: id })
        assert.deepInclude(batch.file_counts, { completed: 3, total: 3 })
        const paged = yield* ask(async () => {
          const all: Array<string> = []
          const query = { vector_store_id: id, limit: 1, order: "asc" as const }
          for await (const each of client.vectorStores.fileBatches.listFiles(batch.id, query)) all.push(each.id)
          return all
        })
        assert.sameMembers(paged, files)
        const ended = yield* refusal(() => client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: id }))
        assert.instanceOf(ended, ConflictError)
        const nobody = yield* refusal(() => client.vectorStores.fileBatches.create(id, { file_ids: [] }))
        assert.instanceOf(nobody, BadRequestError)
      })),
    60_000
  )

  it.live(
    "stop what a batch has not read yet, where it is cancelled",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id } = yield* given()
        const file = yield* upload(client, "long.txt", longText(3000))
        const batch = yield* ask(() => client.vectorStores.fileBatches.create(id, { file_ids: [file.id] }))
        const cancelled = yield* ask(() => client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: id }))
        assert.strictEqual(cancelled.status, "cancelled")
        assert.deepInclude(cancelled.file_counts, { cancelled: 1, in_progress: 0 })
        const stopped = yield* ask(() => client.vectorStores.files.retrieve(file.id, { vector_store_id: id }))
        assert.strictEqual(stopped.status, "cancelled")
        assert.deepStrictEqual((yield* ask(() => client.vectorStores.search(id, { query: "item" }))).data, [])
      })),
    60_000
  )

  it.live(
    "lose the chunks of a file that is deleted where files are kept",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id } = yield* filled()
        const [file] = (yield* ask(() => client.vectorStores.search(id, { query: "bananas", max_num_results: 1 }))).data
        yield* ask(() => client.files.delete(file!.file_id))
        while ((yield* ask(() => client.vectorStores.retrieve(id))).file_counts.total === 3) {
          yield* Effect.sleep("20 millis")
        }
        const left = yield* ask(() => client.vectorStores.search(id, { query: "bananas" }))
        assert.sameMembers(left.data.map(({ filename }) => filename), ["cold.txt", "money.txt"])
      })),
    60_000
  )

  it.live(
    "refuse what can't be, with the field and the remedy",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { client, id } = yield* given()
        const search = (body: object) =>
          refusal(() => client.vectorStores.search(id, body as OpenAI.VectorStoreSearchParams))
        const cases: ReadonlyArray<readonly [object, RegExp]> = [
          [{ query: "x", max_num_results: 51 }, /max_num_results/],
          [{ query: " " }, /query/],
          [{ query: "x", filters: { type: "in", key: "a", value: "b" } }, /takes a list/],
          [{ query: "x", filters: { type: "like", key: "a", value: "b" } }, /filters/],
          [{ query: "x", ranking_options: { score_threshold: 2 } }, /score_threshold/]
        ]
        for (const [body, message] of cases) {
          const error = yield* search(body)
          assert.instanceOf(error, BadRequestError)
          assert.match(error.message, message)
        }
        const model = yield* refusal(() => client.vectorStores.create({ embedding_model: "none/such" } as object))
        assert.instanceOf(model, NotFoundError)
        const provider = yield* refusal(() => client.vectorStores.create({ provider_id: "none" } as object))
        assert.match(provider.message, /name one of (vectors|far)/)
      })),
    60_000
  )
})
