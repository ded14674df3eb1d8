/** Attaches files to vector stores and takes them out. */
import { Effect, Option, Stream } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import * as EmbeddingVector from "../../kernel/embeddings/EmbeddingVector.ts"
import { auto } from "../../kernel/text/ChunkingStrategy.ts"
import type { ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import type { Work } from "../../kernel/work/Work.ts"
import { isOpen } from "../../kernel/work/WorkState.ts"
import { Files } from "../files/Files.ts"
import type { VectorIo, VectorIoFailure } from "../vector-io/VectorIo.ts"
import type { FileAttachments } from "./FileAttachments.ts"
import * as FileIngestion from "./FileIngestion.ts"
import type { AttachFile, ContentPiece, FileAttributes } from "./VectorStoreFilesModels.ts"
import { placeOf } from "./VectorStoreRecords.ts"
import { NotServed } from "./VectorStoresErrors.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import * as Events from "./VectorStoresEvents.ts"
import type { AttachedFile } from "./VectorStoreTables.ts"
import { filePrefix, fileStream } from "./VectorStoreTables.ts"

export type DetachReason = typeof Events.FileDetached.payload.Type["reason"]

interface Options {
  readonly attachments: FileAttachments
  readonly index: VectorIo["Service"]
  readonly work: Work["Service"]
}

const listedAtOnce = 500

const pieceOf = ({ metadata, text, vector }: ScoredChunk, withMetadata: boolean): ContentPiece => ({
  type: "text",
  text,
  ...vector === undefined ? {} : { embedding: [...EmbeddingVector.fromBase64(vector) ?? []] },
  ...withMetadata ? { metadata } : {}
})

/** How a request names the file at a place. */
export type FieldOf = (at: number) => string

export type VectorStoreFiles = Effect.Success<ReturnType<typeof make>>

export const make = Effect.fnUntraced(function*({ attachments, index, work }: Options) {
  const files = Option.getOrUndefined(yield* Effect.serviceOption(Files))

  const referenceOf = ({ attachment }: AttachedFile) =>
    Effect.map(CurrentTenant, (tenant) => ({ tenant, workId: attachment, stream: fileStream(attachment) }))

  /** Whoever reads it stops soon, and is waited for: what it writes is removed behind it. */
  const stop = Effect.fnUntraced(function*(file: AttachedFile) {
    const reference = yield* referenceOf(file)
    yield* work.cancel(reference)
    for (let attempt = 0; attempt < 50; attempt++) {
      const state = yield* work.get(reference)
      if (state === undefined || !isOpen(state)) return
      yield* Effect.sleep("100 millis")
    }
  })

  /** The chunks go first: what the log says is gone is gone. */
  const detach = Effect.fnUntraced(function*(
    store: KeptStore | undefined,
    file: AttachedFile,
    reason: DetachReason
  ): Effect.fn.Return<void, EventLogUnavailable | VectorIoFailure> {
    if (file.status === "in_progress") yield* stop(file)
    if (store !== undefined && reason !== "store_deleted") yield* index.removeSource(placeOf(store), file.file_id)
    yield* attachments.change(file.attachment, ({ batch_id, status, usage_bytes, vector_store_id }) =>
      Effect.map(
        Documents.draft(Events.FileDetached, { vector_store_id, batch_id, status, usage_bytes, reason }),
        (event) => [event]
      ))
  })

  return {
    stop,
    detach,
    /** The names of files that who asks may read; fails by the field of the first that is not there. */
    namesOf: Effect.fnUntraced(function*(ids: ReadonlyArray<string>, fieldOf: FieldOf) {
      if (files === undefined) return yield* new NotServed({ api: "files" })
      const names = new Map<string, string>()
      for (const [at, id] of ids.entries()) {
        if (names.has(id)) continue
        const { file } = yield* Effect.catchTag(
          files.get(id),
          "DocumentNotFound",
          ({ type }) => new DocumentNotFound({ type, id, param: fieldOf(at) })
        )
        names.set(id, file.filename)
      }
      return names
    }),
    /** One that is being read stays; one that was read is read anew, with what is said of it now. */
    attach: Effect.fnUntraced(function*(
      store: KeptStore,
      { attributes, chunking_strategy, file_id }: AttachFile,
      filename: string,
      batch_id: string | null
    ) {
      const before = yield* attachments.find(store.id, file_id)
      if (before?.status === "in_progress") return before
      if (before !== undefined) yield* detach(store, before, "replaced")
      const attachment = yield* DocumentId.make(filePrefix)
      const about = { vector_store_id: store.id, batch_id, file_id }
      const attached: typeof Events.FileAttached.payload.Type = {
        ...about,
        filename,
        attributes: attributes ?? {},
        chunking_strategy: chunking_strategy ?? auto,
        created_at: yield* DocumentTime.seconds
      }
      yield* work.submit({
        kind: FileIngestion.FileIngestion,
        workId: attachment,
        stream: fileStream(attachment),
        input: { attachment, ...about },
        events: [yield* Documents.draft(Events.FileAttached, attached)]
      }).pipe(Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die }))
      const file: AttachedFile = {
        ...attached,
        attachment,
        status: "in_progress",
        usage_bytes: 0,
        chunk_count: 0,
        last_error: null
      }
      return file
    }),
    setAttributes: Effect.fnUntraced(function*(store: KeptStore, file: AttachedFile, attributes: FileAttributes) {
      yield* index.setAttributes(placeOf(store), file.file_id, attributes)
      return yield* attachments.change(
        file.attachment,
        () => Effect.map(Documents.draft(Events.FileUpdated, { attributes }), (event) => [event])
      )
    }),
    /** However many there are, some at a time: the first are read already. */
    content: Effect.fnUntraced(function*(
      store: KeptStore,
      { file_id }: AttachedFile,
      { embeddings, metadata }: { readonly embeddings: boolean; readonly metadata: boolean }
    ): Effect.fn.Return<Stream.Stream<ContentPiece, VectorIoFailure>, VectorIoFailure> {
      const pageFrom = (from: number) =>
        Effect.map(
          index.list(placeOf(store), file_id, { from, limit: listedAtOnce, withVectors: embeddings }),
          (chunks) => ({
            pieces: chunks.map((chunk) => pieceOf(chunk, metadata)),
            next: chunks.length < listedAtOnce ? Option.none() : Option.some(from + chunks.length)
          })
        )
      const first = yield* pageFrom(0)
      const context = yield* Effect.context<never>()
      const others = Option.match(first.next, {
        onNone: () => Stream.empty,
        onSome: (from) =>
          Stream.paginate(from, (at) => Effect.map(pageFrom(at), ({ next, pieces }) => [pieces, next] as const))
      })
      return Stream.concat(Stream.fromIterable(first.pieces), Stream.provideContext(others, context))
    })
  }
})
