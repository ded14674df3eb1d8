/** How files fail; and what each failure is to a client. */
import { Schema } from "effect"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { documentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import { BadRequest, Conflict, envelope, PayloadTooLarge, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import type { StorageFailed } from "./FileStorage.ts"

/** Nobody keeps files here. */
export class NoFileStorage extends Schema.TaggedError<NoFileStorage>()("NoFileStorage", {}) {
  override get message(): string {
    return "No provider of files is configured. Add one: providers: { files: [{ provider_id: files, provider_type: " +
      "\"inline::localfs\" }] }"
  }
}

/** More bytes than are taken. */
export class FileTooLarge extends Schema.TaggedError<FileTooLarge>()("FileTooLarge", {
  field: Schema.String,
  limit: Schema.Int
}) {
  override get message(): string {
    return `${this.field} is longer than ${this.limit} bytes. Send less, send it in parts (POST /v1/uploads), or raise ` +
      "max_file_bytes of the provider of files"
  }
}

export const failures = FailureMap.make({
  DocumentNotFound: (error: DocumentNotFound) => documentNotFound(error),
  DocumentInvalid: ({ field, message }: DocumentInvalid) =>
    new BadRequest(envelope(message, { param: field, code: "invalid_file" })),
  DocumentConflict: ({ code, message }: DocumentConflict) => new Conflict(envelope(message, { code })),
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable,
  NoFileStorage: ({ message }: NoFileStorage) =>
    new ServiceUnavailable(envelope(message, { type: "server_error", code: "no_file_storage" })),
  FileTooLarge: ({ field, message }: FileTooLarge) =>
    new PayloadTooLarge(envelope(message, { param: field, code: "file_too_large" })),
  StorageFailed: ({ message, tooLarge = false }: StorageFailed) =>
    tooLarge
      ? new PayloadTooLarge(envelope(message, { param: "file", code: "file_too_large" }))
      : new ServiceUnavailable(envelope(message, { type: "server_error", code: "storage_failed" }))
})

export const mapFileErrors = failures.mapErrors()
