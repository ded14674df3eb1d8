/** Files that come in parts: each part is stored by itself, and the file is made of them in the end. */
import { Effect, Stream } from "effect"
import type { Multipart } from "effect/http"
import { DocumentConflict, DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as FileForm from "./FileForm.ts"
import { FileTooLarge } from "./FilesErrors.ts"
import * as FilesEvents from "./FilesEvents.ts"
import type { KeptUpload, Part } from "./FilesKinds.ts"
import { FileKind, UploadKind, UploadParts } from "./FilesKinds.ts"
import type { CompleteUpload, CreateUpload, Upload } from "./FilesModels.ts"
import { maxParts } from "./FilesModels.ts"
import type { FileStore } from "./FileStore.ts"
import { seconds, unlessRecorded } from "./FileStore.ts"

/** An upload ends of itself after so long, seconds. */
const uploadTime = 3600
/** As OpenAI takes them. */
const maxPartBytes = 64 * 1024 * 1024

const removedAtOnce = 8

const notPending = ({ id, status }: Pick<Upload, "id" | "status">) =>
  new DocumentConflict({
    type: "upload",
    code: "upload_not_pending",
    message: `The upload ${id} is ${status}: it takes no parts and changes no more. Begin another one.`
  })

const tooManyParts = new DocumentConflict({
  type: "upload",
  code: "too_many_parts",
  message: `An upload takes at most ${maxParts} parts.`
})

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "upload", field, message })

const pending = Effect.fnUntraced(function*({ upload }: KeptUpload) {
  if (upload.status !== "pending") return yield* notPending(upload)
  if (upload.expires_at <= (yield* seconds)) return yield* notPending({ id: upload.id, status: "expired" })
})

/** Whether these parts make the file that was announced. */
const checkParts = Effect.fnUntraced(function*(
  { upload }: KeptUpload,
  parts: ReadonlyArray<Part>,
  ids: ReadonlyArray<string>
) {
  const lengths = new Map(parts.map((part) => [part.part_id, part.bytes]))
  const missing = ids.find((id) => !lengths.has(id))
  if (missing !== undefined) return yield* invalid("part_ids", `The upload has no part ${JSON.stringify(missing)}.`)
  const total = ids.reduce((sum, id) => sum + lengths.get(id)!, 0)
  if (total !== upload.bytes) {
    const message = `The parts have ${total} bytes together, and the upload was to have ${upload.bytes}.`
    return yield* invalid("part_ids", message)
  }
})

export const make = Effect.fnUntraced(function*({ record, storageOf, unrecord }: FileStore) {
  const uploads = yield* Documents.of(UploadKind)
  const parts = yield* DocumentParts.of(UploadParts, uploads)

  /** Nobody asks for them any more: that they stay is no failure of what was asked. */
  const removeParts = ({ provider_id, upload }: KeptUpload) =>
    Effect.gen(function*() {
      const { storage } = yield* storageOf(provider_id)
      const all = yield* parts.all(upload.id)
      yield* Effect.forEach(all, ({ part_id, reference }) => storage.remove(part_id, reference), {
        concurrency: removedAtOnce,
        discard: true
      })
    }).pipe(
      Effect.catchCause((cause) => Effect.logWarning(`Parts of the upload ${upload.id} could not be removed`, cause))
    )

  /** Gives the upload as it was until then: no part comes behind it. */
  const endWith = Effect.fnUntraced(function*<E, R>(
    id: string,
    decide: (now: KeptUpload) => Documents.Decision<E, R>
  ) {
    let last: KeptUpload | undefined
    yield* uploads.change(id, "update", ({ value: now }) => {
      last = now
      return decide(now)
    })
    return last!
  })

  const ended = (status: "completed" | "cancelled" | "expired", file: Upload["file"] = null) =>
    Effect.map(Documents.draft(FilesEvents.UploadEnded, { status, file }), (event) => [event])

  return {
    begin: Effect.fnUntraced(function*({ bytes, expires_after, filename, mime_type, purpose }: CreateUpload) {
      const { id: provider_id, storage } = yield* storageOf()
      const { maxFileBytes: limit } = storage
      if (bytes > limit) return yield* new FileTooLarge({ field: "bytes", limit })
      const id = yield* DocumentId.make(UploadKind.prefix)
      const created_at = yield* seconds
      const upload: Upload = {
        id,
        object: "upload",
        bytes,
        created_at,
        expires_at: created_at + uploadTime,
        filename: FileForm.nameOf(filename),
        purpose,
        status: "pending",
        file: null
      }
      const about = { upload, provider_id, mime_type, expires_after_seconds: expires_after?.seconds ?? null }
      yield* uploads.create(
        id,
        (owner) => Effect.map(Documents.draft(FilesEvents.UploadBegun, { ...about, owner }), (event) => [event])
      )
      return upload
    }),
    addPart: Effect.fnUntraced(function*(id: string, form: Stream.Stream<Multipart.Part, Multipart.MultipartError>) {
      const { value } = yield* uploads.get(id)
      yield* pending(value)
      const { storage } = yield* storageOf(value.provider_id)
      const part_id = yield* DocumentId.make("part_")
      const read = FileForm.read(form, {
        field: "data",
        limit: maxPartBytes,
        store: (sent, content) => storage.write(part_id, content, sent)
      })
      return yield* unlessRecorded(storage, part_id)(read, ({ file }) =>
        Effect.gen(function*() {
          const { bytes, reference } = file.stored
          const part = {
            part_id,
            bytes,
            created_at: yield* seconds,
            ...reference === undefined ? {} : { reference }
          }
          yield* uploads.change(id, "update", ({ value: now }) =>
            Effect.gen(function*() {
              yield* pending(now)
              if (now.part_count >= maxParts) return yield* tooManyParts
              return [yield* Documents.draft(FilesEvents.PartAdded, part)]
            }))
          return { id: part_id, object: "upload.part" as const, created_at: part.created_at, upload_id: id }
        }))
    }),
    complete: Effect.fnUntraced(function*(id: string, { md5, part_ids }: CompleteUpload) {
      const { value } = yield* uploads.get(id)
      yield* pending(value)
      const all = yield* parts.all(id)
      yield* checkParts(value, all, part_ids)
      const { storage } = yield* storageOf(value.provider_id)
      const fileId = yield* DocumentId.make(FileKind.prefix)
      const references = new Map(all.map(({ part_id, reference }) => [part_id, reference]))
      const content = Stream.fromIterable(part_ids).pipe(
        Stream.flatMap((part) => storage.read(part, undefined, references.get(part)))
      )
      // Whoever was faster has removed the parts.
      const { expires_after_seconds: seconds, mime_type: contentType, provider_id, upload: { filename, purpose } } =
        value
      const written = storage.write(fileId, content, { filename, contentType, purpose })
      const whole = Effect.catchTag(written, "StorageFailed", (error) =>
        Effect.gen(function*() {
          if (error.missing) yield* pending((yield* uploads.get(id)).value)
          return yield* error
        }))
      const write = Effect.tap(whole, (stored) =>
        md5 === undefined || md5.toLowerCase() === stored.md5
          ? Effect.void
          : Effect.fail(
            invalid("md5", `The file's MD5 is ${stored.md5}. Send the parts in their order, all of them.`)
          ))
      const expiresAfter = seconds === null ? undefined : { anchor: "created_at" as const, seconds }
      return yield* unlessRecorded(storage, fileId)(write, (stored) =>
        Effect.gen(function*() {
          const file = yield* record(fileId, provider_id, stored, { filename, purpose, contentType, expiresAfter })
          // Another request may have ended the upload meanwhile: its file is the one.
          const last = yield* endWith(id, (now) => Effect.andThen(pending(now), ended("completed", file))).pipe(
            Effect.onError(() => Effect.ignore(unrecord(fileId)))
          )
          yield* removeParts(last)
          return { ...value.upload, status: "completed" as const, file }
        }))
    }),
    end: Effect.fnUntraced(function*(id: string, status: "cancelled" | "expired") {
      const last = yield* endWith(
        id,
        ({ upload }) => upload.status === "pending" ? ended(status) : Effect.fail(notPending(upload))
      )
      yield* removeParts(last)
      return { ...last.upload, status }
    })
  }
})
