/** Files of clients: stored, listed, read and deleted by who may; also in parts. */
import { Context } from "effect"
import type { Effect, Stream } from "effect"
import type { Multipart } from "effect/http"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentPage } from "../../kernel/documents/Documents.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { FileTooLarge, NoFileStorage } from "./FilesErrors.ts"
import type { KeptFile } from "./FilesKinds.ts"
import type {
  CompleteUpload,
  CreateUpload,
  ExpiresAfter,
  File,
  FilePurpose,
  FilesQuery,
  Upload,
  UploadPart
} from "./FilesModels.ts"
import type { ByteRange, StorageFailed } from "./FileStorage.ts"

export type ReadFailure = DocumentNotFound | EventLogUnavailable
export type StoreFailure = AccessDenied | EventLogUnavailable | NoFileStorage | StorageFailed | DocumentNotFound
type FormFailure = StoreFailure | DocumentInvalid | FileTooLarge
type ChangeFailure = StoreFailure | DocumentConflict

type Form = Stream.Stream<Multipart.Part, Multipart.MultipartError>

export interface NewFile<E> {
  /**
   * An id of the program's own, made of what the file is: it is stored once, and who stores it again, after a crash or
   * beside another, gets the one there is. Absent: it is a new file each time.
   */
  readonly id?: string
  readonly filename: string
  readonly purpose: FilePurpose
  readonly contentType?: string
  readonly expiresAfter?: ExpiresAfter
  readonly content: Stream.Stream<Uint8Array, E>
}

export class Files extends Context.Service<Files, {
  /** Of a form, whose file goes to its storage as it comes. */
  readonly create: (form: Form) => Effect.Effect<File, FormFailure>
  /** The same of bytes that come of the program: the output of a batch, a test's file. */
  readonly store: <E>(file: NewFile<E>) => Effect.Effect<File, StoreFailure | E>
  readonly list: (query: FilesQuery) => Effect.Effect<DocumentPage<File>, ReadFailure>
  readonly get: (id: string) => Effect.Effect<KeptFile, ReadFailure>
  /** All of it, or a range. */
  readonly read: (
    file: KeptFile,
    range?: ByteRange
  ) => Effect.Effect<Stream.Stream<Uint8Array, StorageFailed>, NoFileStorage>
  readonly remove: (id: string) => Effect.Effect<void, ChangeFailure>
  readonly begin: (upload: CreateUpload) => Effect.Effect<Upload, FormFailure>
  readonly addPart: (uploadId: string, form: Form) => Effect.Effect<UploadPart, FormFailure | DocumentConflict>
  readonly complete: (uploadId: string, parts: CompleteUpload) => Effect.Effect<Upload, FormFailure | DocumentConflict>
  readonly cancel: (uploadId: string) => Effect.Effect<Upload, ChangeFailure>
}>()("strata/apis/files/Files") {}
