/** Vector stores: documents of clients, whose chunks stand with a provider of vector indexes. */
import { Effect, Layer, Option, Schedule } from "effect"
import type { Principal } from "../../events/types/Principal.ts"
import { Contributions } from "../../kernel/contributions/Contributions.ts"
import { DocumentConflict } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as SystemOperations from "../../kernel/system/SystemOperations.ts"
import { SystemRequests } from "../../kernel/system/SystemRequests.ts"
import { VectorIo } from "../vector-io/VectorIo.ts"
import { NoVectorIndex } from "../vector-io/VectorIoErrors.ts"
import * as DeletedFiles from "./DeletedFiles.ts"
import * as FileAttachments from "./FileAttachments.ts"
import * as FileIngestion from "./FileIngestion.ts"
import * as FileSearchTool from "./FileSearchTool.ts"
import * as VectorEmbedding from "./VectorEmbedding.ts"
import * as VectorStoreBatches from "./VectorStoreBatches.ts"
import * as VectorStoreChunks from "./VectorStoreChunks.ts"
import * as VectorStoreExpiry from "./VectorStoreExpiry.ts"
import * as VectorStoreFiles from "./VectorStoreFiles.ts"
import * as VectorStoreRecords from "./VectorStoreRecords.ts"
import { placeOf } from "./VectorStoreRecords.ts"
import { VectorStores } from "./VectorStores.ts"
import * as VectorStoreSearch from "./VectorStoreSearch.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import * as Events from "./VectorStoresEvents.ts"
import { VectorStoresHandlers } from "./VectorStoresHandlers.ts"
import { VectorStoresKind } from "./VectorStoresKind.ts"
import type { CreateVectorStore, UpdateVectorStore } from "./VectorStoresModels.ts"

/** How often stores that have expired are looked for. */
const expiryInterval = "1 minute"

const none = new NoVectorIndex({ provider: null, configured: [] })

/** Where no provider of vector indexes is served, there is none. */
const noIndex = VectorIo.of({
  provider: () => Effect.fail(none),
  upsert: () => Effect.fail(none),
  removeSource: () => Effect.fail(none),
  setAttributes: () => Effect.fail(none),
  drop: () => Effect.fail(none),
  list: () => Effect.fail(none),
  count: () => Effect.fail(none),
  search: () => Effect.fail(none)
})

const make = Effect.gen(function*() {
  const system = yield* SystemRequests
  const index = Option.getOrElse(yield* Effect.serviceOption(VectorIo), () => noIndex)
  const embedding = yield* VectorEmbedding.make
  const records = yield* VectorStoreRecords.make
  const attachments = yield* FileAttachments.make
  const work = yield* FileIngestion.register({ attachments, embedding, index, records })
  const files = yield* VectorStoreFiles.make({ attachments, index, work })
  const batches = yield* VectorStoreBatches.make({ attachments, files })
  const chunks = VectorStoreChunks.make({ embedding, index })
  const search = VectorStoreSearch.make({ embedding, index, records })
  const { changeable, inUse, stores, withCounts } = records
  yield* Effect.forkScoped(work.start)

  const readable = (id: string) => Effect.map(stores.get(id), ({ value }) => value)

  yield* Effect.forkScoped(DeletedFiles.follow({ attachments, files, records }))

  const removeExpired = yield* VectorStoreExpiry.make({ attachments, files, index, records })
  yield* system.run(SystemOperations.VectorStoreExpiry, {}, removeExpired, (count) => ({ vector_stores: count })).pipe(
    Effect.catchCause((cause) => Effect.logWarning("Vector stores that have expired could not be looked for", cause)),
    Effect.repeat(Schedule.spaced(expiryInterval)),
    Effect.forkScoped
  )

  const another = (id: string, what: string) =>
    Effect.fail(
      new DocumentConflict({
        type: "vector_store",
        code: "vector_store_exists",
        message: `The vector store ${id} has ${what}. Ask for that, or choose another id.`
      })
    )

  /** The store of an id that a client has chosen, and asks for again. */
  const sameStore = Effect.fnUntraced(function*(before: KeptStore, asked: CreateVectorStore) {
    const { embedding_dimension = null, embedding_model: model } = asked
    if (before.embedding_dimension !== embedding_dimension) {
      return yield* another(before.id, `vectors of another length: ${before.embedding_dimension ?? "its model's own"}`)
    }
    // It may be called by another of its names.
    if (
      model != null && model !== before.embedding_model && (yield* embedding.check(model)) !== before.embedding_model
    ) {
      return yield* another(before.id, `vectors of another model: ${before.embedding_model}`)
    }
    return yield* withCounts(before)
  })

  const create = Effect.fnUntraced(function*(request: CreateVectorStore) {
    const {
      chunking_strategy,
      description,
      embedding_dimension,
      embedding_model,
      expires_after,
      file_ids,
      metadata,
      name
    } = request
    yield* stores.authorizeCreate
    if (request.id != null) {
      const before = yield* Effect.option(readable(request.id))
      // Clients ask so before each upsert, and name no model: none is asked for.
      if (Option.isSome(before)) return yield* sameStore(before.value, request)
    }
    const provider_id = yield* index.provider(request.provider_id ?? undefined)
    const fieldOf = (at: number) => `file_ids[${at}]`
    const all = (file_ids ?? []).map((file_id, at) => ({
      field: fieldOf(at),
      file: { file_id, ...chunking_strategy === undefined ? {} : { chunking_strategy } }
    }))
    if (all.length > 0) yield* files.namesOf(file_ids ?? [], fieldOf)
    const own = yield* DocumentId.make(VectorStoresKind.prefix)
    const id = request.id ?? own
    const created_at = yield* DocumentTime.seconds
    const store = {
      id,
      name: name ?? "",
      ...description == null ? {} : { description },
      created_at,
      metadata: metadata ?? {},
      expires_after: expires_after ?? null,
      last_active_at: created_at,
      provider_id,
      // Ids that clients choose are unique in their tenant alone, and providers know no tenants.
      ...request.id == null ? {} : { collection: own },
      embedding_model: yield* embedding_model == null ? embedding.defaultModel : embedding.check(embedding_model),
      embedding_dimension: embedding_dimension ?? null
    }
    const made = (owner: Principal | null) =>
      Effect.map(Documents.draft(Events.Created, { ...store, owner }), (event) => [event])
    if (request.id == null) yield* stores.create(id, made)
    else {
      const taken = yield* Effect.as(stores.createNamed(id, made), undefined).pipe(
        Effect.catchTag("DocumentConflict", (conflict) => Effect.succeed(conflict))
      )
      if (taken !== undefined) {
        // Who asks has asked twice at once, or it is another's.
        const same = yield* Effect.option(readable(id))
        return Option.isSome(same) ? yield* sameStore(same.value, request) : yield* taken
      }
    }
    if (all.length > 0) yield* batches.attachAll(store, all)
    return yield* withCounts(store)
  })

  const update = Effect.fnUntraced(function*(id: string, { expires_after, metadata, name }: UpdateVectorStore) {
    const last_active_at = yield* DocumentTime.seconds
    const changed = {
      ...name == null ? {} : { name },
      ...metadata == null ? {} : { metadata },
      ...expires_after === undefined ? {} : { expires_after },
      last_active_at
    }
    yield* stores.change(
      id,
      "update",
      ({ value }) =>
        Effect.andThen(
          VectorStoreRecords.unlessExpired(value),
          Effect.map(Documents.draft(Events.Updated, changed), (event) => [event])
        )
    )
    return yield* Effect.flatMap(readable(id), withCounts)
  })

  /** The chunks go first, then the files, then the store. */
  const remove = Effect.fnUntraced(function*(id: string) {
    yield* stores.change(id, "delete", ({ value: store }) =>
      Effect.gen(function*() {
        yield* attachments.forEach({ store: id, status: "in_progress" }, files.stop)
        yield* index.drop(placeOf(store))
        yield* attachments.forEach({ store: id }, (file) => files.detach(store, file, "store_deleted"))
        return [yield* Documents.draft(Events.Deleted, { vector_store_id: id })]
      }))
  })

  const service = VectorStores.of({
    create,
    update,
    remove,
    list: Effect.fnUntraced(function*(query) {
      const { data, has_more } = yield* stores.list(query)
      return { data: yield* Effect.forEach(data, ({ value }) => withCounts(value)), has_more }
    }),
    get: (id) => Effect.flatMap(readable(id), withCounts),
    search: Effect.fnUntraced(function*(ids, request) {
      if (request.rewrite_query === true) return yield* VectorStoreSearch.notRewritten
      const asked = VectorStoreSearch.searchOf(request)
      const results = yield* search(ids, asked)
      return {
        object: "vector_store.search_results.page" as const,
        search_query: asked.queries,
        data: results.map(VectorStoreSearch.resultOf),
        has_more: false,
        next_page: null
      }
    }),
    attach: Effect.fnUntraced(function*(id, file) {
      const store = yield* inUse(id)
      const names = yield* files.namesOf([file.file_id], () => "file_id")
      return FileAttachments.shapeOf(yield* files.attach(store, file, names.get(file.file_id)!, null))
    }),
    listFiles: Effect.fnUntraced(function*(id, { filter, ...query }, batch) {
      yield* readable(id)
      if (batch !== undefined) yield* batches.get(id, batch)
      // A batch is of its store alone.
      const wanted = { ...batch === undefined ? { store: id } : { batch }, status: filter }
      const { data, has_more } = yield* attachments.list(id, wanted, query)
      return { data: data.map(FileAttachments.shapeOf), has_more }
    }),
    getFile: (id, file) => Effect.andThen(readable(id), Effect.map(attachments.get(id, file), FileAttachments.shapeOf)),
    updateFile: Effect.fnUntraced(function*(id, file, { attributes }) {
      const store = yield* inUse(id)
      const attached = yield* attachments.get(id, file)
      const changed = yield* files.setAttributes(store, attached, attributes ?? {})
      return FileAttachments.shapeOf(changed ?? attached)
    }),
    detach: Effect.fnUntraced(function*(id, file) {
      const store = yield* changeable(id)
      const first = yield* attachments.get(id, file)
      yield* files.detach(store, first, "requested")
      // Two requests at once may have attached it twice.
      yield* attachments.forEach({ store: id, file }, (other) => files.detach(store, other, "requested"))
    }),
    content: Effect.fnUntraced(function*(id, file, options) {
      const store = yield* readable(id)
      return yield* files.content(store, yield* attachments.get(id, file), options)
    }),
    createBatch: (id, batch) => Effect.flatMap(inUse(id), (store) => batches.create(store, batch)),
    getBatch: (id, batch) => Effect.andThen(readable(id), batches.get(id, batch)),
    cancelBatch: (id, batch) => Effect.andThen(changeable(id), batches.cancel(id, batch)),
    insert: (request) => Effect.flatMap(inUse(request.vector_store_id), (store) => chunks.insert(store, request)),
    query: Effect.fnUntraced(function*(request) {
      const asked = chunks.queryOf(request)
      if (!("queries" in asked)) return yield* asked
      const store = yield* readable(request.vector_store_id)
      return chunks.answer(store, yield* search([store.id], asked))
    }),
    chunks: (query) => Effect.flatMap(readable(query.vector_store_id), (store) => chunks.list(store, query)),
    countChunks: ({ document_id, vector_store_id: id }) =>
      Effect.flatMap(readable(id), (store) => chunks.count(store, document_id)),
    updateChunks: (changes) =>
      Effect.flatMap(changeable(changes.vector_store_id), (store) => chunks.update(store, changes)),
    removeChunks: ({ document_id, vector_store_id: id }) =>
      Effect.flatMap(changeable(id), (store) => chunks.remove(store, document_id))
  })
  const contributions = yield* Contributions
  yield* contributions.register(FileSearchTool.channel, "vector_stores", [FileSearchTool.make(service)])
  return service
})

export const layer = Layer.effect(VectorStores, make)

export const live = ApiModule.live({ handlers: VectorStoresHandlers, layer })
