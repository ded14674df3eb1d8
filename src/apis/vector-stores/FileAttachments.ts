/** Files in vector stores as their tables have them: read, listed, and changed by events of their own streams. */
import { Effect } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentPage, ListQuery } from "../../kernel/documents/Documents.ts"
import { pageOf } from "../../kernel/documents/Documents.ts"
import { sizesOf } from "../../kernel/text/ChunkingStrategy.ts"
import type { AppliedChunking, VectorStoreFile } from "./VectorStoreFilesModels.ts"
import type { AttachedFile, WantedFiles } from "./VectorStoreTables.ts"
import { columnsOf, FilesTable, fileStream } from "./VectorStoreTables.ts"

const pageSize = 500

/** Others that change the same file at once give way in the end. */
const maxConflicts = 100

const chunkingOf = ({ chunking_strategy }: AttachedFile): AppliedChunking => {
  const sizes = sizesOf(chunking_strategy)
  return sizes === undefined ? { type: "other" } : { type: "static", static: sizes }
}

export const shapeOf = (file: AttachedFile): VectorStoreFile => ({
  id: file.file_id,
  object: "vector_store.file",
  usage_bytes: file.usage_bytes,
  created_at: file.created_at,
  vector_store_id: file.vector_store_id,
  status: file.status,
  last_error: file.last_error,
  chunking_strategy: chunkingOf(file),
  attributes: file.attributes
})

export type FileAttachments = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables

  /** The newest is the one that counts, where two requests attached a file at once. */
  const rowOf = Effect.fnUntraced(function*(store: string, file: string) {
    const tenant = yield* CurrentTenant
    const where = { store, file }
    const [row] = yield* tables.list(FilesTable, { tenant, limit: 1, order: "descending", where })
    return row
  })

  const absent = (file: string) => new DocumentNotFound({ type: "vector_store_file", id: file })

  return {
    byAttachment: Effect.fnUntraced(function*(attachment: string) {
      return (yield* tables.get(FilesTable, yield* CurrentTenant, attachment))?.document
    }),
    find: (store: string, file: string) => Effect.map(rowOf(store, file), (row) => row?.document),
    get: (store: string, file: string): Effect.Effect<AttachedFile, DocumentNotFound | EventLogUnavailable> =>
      Effect.flatMap(
        rowOf(store, file),
        (row) => row === undefined ? Effect.fail(absent(file)) : Effect.succeed(row.document)
      ),
    list: (
      store: string,
      wanted: WantedFiles,
      query: ListQuery
    ): Effect.Effect<DocumentPage<AttachedFile>, DocumentNotFound | EventLogUnavailable> =>
      Effect.map(
        pageOf(tables, FilesTable, {
          ...query,
          where: columnsOf(wanted),
          positionOf: (file) =>
            Effect.flatMap(
              rowOf(store, file),
              (row) => row === undefined ? Effect.fail(absent(file)) : Effect.succeed(row.position)
            )
        }),
        ({ data, has_more }) => ({ data: data.map(({ document }) => document), has_more })
      ),
    /** Each of these, however many there are; those that go meanwhile are no obstacle. */
    forEach: Effect.fnUntraced(function*<E, R>(
      wanted: WantedFiles,
      run: (file: AttachedFile) => Effect.Effect<unknown, E, R>
    ) {
      const tenant = yield* CurrentTenant
      const where = columnsOf(wanted)
      let after = 0
      while (true) {
        const rows = yield* tables.list(FilesTable, { tenant, after, limit: pageSize, where })
        yield* Effect.forEach(rows, ({ document }) => run(document), { concurrency: 8, discard: true })
        if (rows.length < pageSize) return
        after = rows.at(-1)!.position
      }
    }),
    /** Appends what `decide` says of the file as it stands; undefined where it is gone. */
    change: Effect.fnUntraced(function*<E, R>(
      attachment: string,
      decide: (file: AttachedFile) => Effect.Effect<ReadonlyArray<EventDraft>, E, R>
    ): Effect.fn.Return<AttachedFile | undefined, E | EventLogUnavailable, R> {
      const tenant = yield* CurrentTenant
      let expected = 0
      for (let attempt = 0; attempt < maxConflicts; attempt++) {
        const row = yield* tables.get(FilesTable, tenant, attachment)
        if (row === undefined) return undefined
        const events = yield* decide(row.document)
        if (events.length === 0) return row.document
        const actual = yield* hub.append(fileStream(attachment), expected, events).pipe(
          Effect.as(undefined),
          Effect.catchTags({ VersionConflict: ({ actual }) => Effect.succeed(actual), EventIdTaken: Effect.die })
        )
        if (actual === undefined) return (yield* tables.get(FilesTable, tenant, attachment))?.document
        expected = actual
      }
      return yield* Effect.die(new Error(`${attachment} is changed by others without a pause`))
    })
  }
})
