/** What each failure of file processors is to a client. */
import { documentNotFound, failures as documentFailures } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import {
  BadRequest,
  envelope,
  InternalServerError,
  PayloadTooLarge,
  TooManyRequests,
  UnsupportedMediaType
} from "../../kernel/http/HttpErrors.ts"
import type { FileUnreadable } from "../../kernel/text/FileUnreadable.ts"
import type { FileTooLarge, NoFileStorage } from "../files/FilesErrors.ts"
import { failures as fileFailures } from "../files/FilesErrors.ts"
import type { StorageFailed } from "../files/FileStorage.ts"

const fileUnreadable = ({ message, reason: code }: FileUnreadable, param = "file") => {
  switch (code) {
    case "unsupported_type":
      return new UnsupportedMediaType(envelope(message, { param, code }))
    case "too_large":
      return new PayloadTooLarge(envelope(message, { param, code }))
    case "busy":
      return new TooManyRequests(envelope(message, { code }))
    case "processor_failed":
      return new InternalServerError(envelope(message, { type: "server_error", code }))
    default:
      return new BadRequest(envelope(message, { param, code }))
  }
}

export const failures = FailureMap.make({
  FileUnreadable: fileUnreadable,
  DocumentNotFound: (error: DocumentNotFound) => documentNotFound(error, error.type === "file" ? "file_id" : "job_id"),
  DocumentInvalid: (error: DocumentInvalid) => documentFailures.toHttpError(error),
  DocumentConflict: (error: DocumentConflict) => documentFailures.toHttpError(error),
  FileTooLarge: (error: FileTooLarge) => fileFailures.toHttpError(error),
  NoFileStorage: (error: NoFileStorage) => fileFailures.toHttpError(error),
  StorageFailed: (error: StorageFailed) => fileFailures.toHttpError(error),
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable
})

export const mapProcessorErrors = failures.mapErrors()
