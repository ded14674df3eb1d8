/** Files, kept by providers: what is known of them stands in the log, their bytes do not. */
import { Effect, Layer, Result, Schedule, Stream } from "effect"
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
      // Without a storage there is nothing that could be deleted.
      if (instances.length > 0) {
        yield* system.run(SystemOperations.FileExpiry, {}, expire, (counts) => counts).pipe(
          Effect.catchCause((cause) => Effect.logWarning("Files whose time is over could not be looked for", cause)),
          Effect.repeat(Schedule.spaced(expiryInterval)),
          Effect.forkScoped
        )
      }

      return Files.of({
        store,
        create: Effect.fnUntraced(function*(form) {
          const { id: provider, storage } = yield* storageOf()
          const id = yield* DocumentId.make(FileKind.prefix)
          const read = Effect.gen(function*() {
            const { fields, file } = yield* FileForm.read(form, {
              field: "file",
              limit: storage.maxFileBytes,
              store: (sent, content) => storage.write(id, content, sent)
            })
            return { file, fields: yield* decodeFields(fields) }
          })
          return yield* FileStore.unlessRecorded(storage, id)(
            read,
            ({ fields: { expires_after: expiresAfter, purpose }, file }) =>
              record(id, provider, file.stored, { ...file, purpose, expiresAfter })
          )
        }),
        list: Effect.fnUntraced(function*({ after, limit, order, purpose }) {
          const where = purpose === undefined ? undefined : { purpose }
          const { data, has_more } = yield* files.list({ after, limit, order, where })
          return { data: data.map(({ value }) => value.file), has_more }
        }),
        get: (id) => Effect.map(files.get(id), ({ value }) => value),
        read: Effect.fnUntraced(function*({ file, provider_id, reference }, range) {
          const reached = yield* Effect.result(storageOf(provider_id))
          if (Result.isSuccess(reached)) return reached.success.storage.read(file.id, range, reference)
          const { failure } = reached
          return failure._tag === "StorageFailed" ? Stream.fail(failure) : yield* failure
        }),
        remove: (id) => remove(id, "requested"),
        begin,
        addPart,
        complete,
        cancel: (uploadId) => end(uploadId, "cancelled")
      })
    })
  )

export const live = ApiModule.liveOf(FilesApi, { handlers: FilesHandlers, layer })
