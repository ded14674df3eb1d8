/** Files, kept by providers: what is known of them stands in the log, their bytes do not. */
import { Effect, Layer, Schedule, Stream } from "effect"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as SystemOperations from "../../kernel/system/SystemOperations.ts"
import { SystemRequests } from "../../kernel/system/SystemRequests.ts"
import * as FileExpiry from "./FileExpiry.ts"
import * as FileForm from "./FileForm.ts"
import { Files } from "./Files.ts"
import { FilesApi } from "./FilesApi.ts"
import { FilesHandlers } from "./FilesHandlers.ts"
import { FileKind } from "./FilesKinds.ts"
import { UploadFields } from "./FilesModels.ts"
import type { StorageInstance } from "./FileStore.ts"
import * as FileStore from "./FileStore.ts"
import { StorageFailed } from "./FileStorage.ts"
import * as Uploads from "./Uploads.ts"

/** How often what is over is looked for. */
const expiryInterval = "1 minute"

const decodeFields = FileForm.decode(UploadFields)

export const layer = (instances: ReadonlyArray<StorageInstance>) =>
  Layer.effect(
    Files,
    Effect.gen(function*() {
      const fileStore = yield* FileStore.make(instances)
      const { files, record, remove, storageOf, store } = fileStore
      const { addPart, begin, complete, end } = yield* Uploads.make(fileStore)
      const system = yield* SystemRequests

      const expire = FileExpiry.run({
        removeFile: (id) => remove(id, "expired"),
        endUpload: (id) => end(id, "expired")
      })
      yield* system.run(SystemOperations.FileExpiry, {}, expire, (counts) => counts).pipe(
        Effect.catchCause((cause) => Effect.logWarning("Files whose time is over could not be looked for", cause)),
        Effect.repeat(Schedule.spaced(expiryInterval)),
        Effect.forkScoped
      )

      return Files.of({
        store,
        create: Effect.fnUntraced(function*(form) {
          const { id: provider, storage } = yield* storageOf()
          const id = yield* DocumentId.make(FileKind.prefix)
          return yield* FileStore.unlessRecorded(storage, id)(Effect.gen(function*() {
            const { fields, file } = yield* FileForm.read(form, {
              field: "file",
              limit: storage.maxFileBytes,
              store: (_, content) => storage.write(id, content)
            })
            const { expires_after: expiresAfter, purpose } = yield* decodeFields(fields)
            return yield* record(id, provider, file.stored, { ...file, purpose, expiresAfter })
          }))
        }),
        list: Effect.fnUntraced(function*({ after, limit, order, purpose }) {
          const where = purpose === undefined ? undefined : { purpose }
          const { data, has_more } = yield* files.list({ after, limit, order, where })
          return { data: data.map(({ value }) => value.file), has_more }
        }),
        get: (id) => Effect.map(files.get(id), ({ value }) => value),
        read: (kept, range) =>
          Effect.map(
            storageOf(kept.provider_id).pipe(Effect.catchTag("StorageFailed", (error) => Effect.succeed(error))),
            (found) => found instanceof StorageFailed ? Stream.fail(found) : found.storage.read(kept.file.id, range)
          ),
        remove: (id) => remove(id, "requested"),
        begin,
        addPart,
        complete,
        cancel: (uploadId) => end(uploadId, "cancelled")
      })
    })
  )

export const live = ApiModule.liveOf(FilesApi, { handlers: FilesHandlers, layer })
