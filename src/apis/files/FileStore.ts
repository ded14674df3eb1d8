/** Stores files with the first provider that is configured, and removes them: content and record together. */
import { Clock, Effect } from "effect"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { systemPrincipal } from "../../events/types/SystemPrincipal.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import type { StoredDocument } from "../../kernel/documents/DocumentKind.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import type { Instance } from "../../kernel/provider/Instance.ts"
import type { NewFile, StoreFailure } from "./Files.ts"
import { NoFileStorage } from "./FilesErrors.ts"
import * as FilesEvents from "./FilesEvents.ts"
import type { KeptFile } from "./FilesKinds.ts"
import { FileKind } from "./FilesKinds.ts"
import type { ExpiresAfter, File, FilePurpose } from "./FilesModels.ts"
import type { FileStorage, StorageKey, StoredBytes } from "./FileStorage.ts"
import { StorageFailed } from "./FileStorage.ts"

export type StorageInstance = Instance<FileStorage["Service"]>

/** A file's description, whose content is written already. */
export interface Described {
  readonly filename: string
  readonly purpose: FilePurpose
  readonly contentType: string
  readonly expiresAfter: ExpiresAfter | undefined
}

export const seconds = Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000))

/**
 * What was written and is recorded nowhere is removed again. Who leaves ends the writing alone: what is recorded keeps its
 * content.
 */
export const unlessRecorded =
  (storage: FileStorage["Service"], key: StorageKey) =>
  <A, B, E, E2, R, R2>(write: Effect.Effect<A, E, R>, record: (written: A) => Effect.Effect<B, E2, R2>) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.onError(Effect.flatMap(restore(write), record), () => Effect.ignore(storage.remove(key)))
    )

export type FileStore = Effect.Success<ReturnType<typeof make>>

export const make = Effect.fnUntraced(function*(instances: ReadonlyArray<StorageInstance>) {
  const files = yield* Documents.of(FileKind)

  /** The one that keeps a file; without `provider`, the one for new ones. */
  const storageOf = Effect.fnUntraced(function*(provider?: string) {
    const instance = provider === undefined ? instances[0] : instances.find(({ id }) => id === provider)
    if (instance === undefined) return yield* new NoFileStorage()
    const { id } = instance
    const storage = yield* Effect.mapError(
      instance.service,
      ({ reason }) => new StorageFailed({ provider: id, operation: "be reached", missing: false, reason })
    )
    return { id, storage }
  })

  const createdOf = Effect.fnUntraced(
    function*(id: string, provider: string, stored: StoredBytes, described: Described) {
      const { contentType, expiresAfter, filename, purpose } = described
      const created_at = yield* seconds
      const file: File = {
        id,
        object: "file",
        bytes: stored.bytes,
        created_at,
        expires_at: expiresAfter === undefined ? null : created_at + expiresAfter.seconds,
        filename: filename === "" ? "file" : filename,
        purpose,
        status: "processed"
      }
      const about = {
        file,
        provider_id: provider,
        sha256: stored.sha256,
        content_type: contentType,
        ...stored.reference === undefined ? {} : { reference: stored.reference }
      }
      const events = (owner: StoredDocument<KeptFile>["owner"]) =>
        Effect.map(Documents.draft(FilesEvents.Created, { ...about, owner }), (event) => [event])
      return { file, events }
    }
  )

  const record = Effect.fnUntraced(function*(id: string, provider: string, stored: StoredBytes, described: Described) {
    const { events, file } = yield* createdOf(id, provider, stored, described)
    yield* files.create(id, events)
    return file
  })

  const recorded = (id: string) => Effect.map(files.get(id), ({ value }) => value.file)

  /** What was written and could not be recorded stays: the next who stores it writes the same over it. */
  const storeOnce = Effect.fnUntraced(function*<E>(
    id: string,
    content: NewFile<E>["content"],
    described: Described
  ): Effect.fn.Return<File, StoreFailure | E> {
    const there = yield* Effect.catchTag(recorded(id), "DocumentNotFound", () => Effect.succeed(undefined))
    if (there !== undefined) return there
    yield* files.authorizeCreate
    const { id: provider, storage } = yield* storageOf()
    const stored = yield* storage.write(id, content, described)
    const { events, file } = yield* createdOf(id, provider, stored, described)
    return yield* files.createNamed(id, events).pipe(
      Effect.as(file),
      Effect.catchTag("DocumentConflict", () => recorded(id))
    )
  })

  return {
    files,
    storageOf,
    record,
    store: <E>(
      { content, contentType = "application/octet-stream", expiresAfter, filename, id: named, purpose }: NewFile<E>
    ): Effect.Effect<File, StoreFailure | E> =>
      Effect.gen(function*() {
        const described = { filename, purpose, contentType, expiresAfter }
        if (named !== undefined) return yield* storeOnce(named, content, described)
        const { id: provider, storage } = yield* storageOf()
        const id = yield* DocumentId.make(FileKind.prefix)
        return yield* unlessRecorded(storage, id)(
          storage.write(id, content, { filename, contentType, purpose }),
          (stored) => record(id, provider, stored, described)
        )
      }),
    /** Takes back what was recorded a moment ago, whatever its owner may delete. */
    unrecord: (id: string) =>
      files.change(id, "delete", () =>
        Effect.map(
          Documents.draft(FilesEvents.Deleted, { file_id: id, reason: "requested" }),
          (event) => [event]
        )).pipe(Effect.provideService(CurrentPrincipal, systemPrincipal)),
    /** Removes the content first: what the log says is gone is gone. */
    remove: Effect.fnUntraced(function*(id: string, reason: "requested" | "expired") {
      const kept = yield* files.get(id)
      yield* files.change(id, "delete", () =>
        Effect.gen(function*() {
          const { storage } = yield* storageOf(kept.value.provider_id)
          yield* storage.remove(id, kept.value.reference)
          return [yield* Documents.draft(FilesEvents.Deleted, { file_id: id, reason })]
        }))
    })
  }
})
