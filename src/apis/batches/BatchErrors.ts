/** How batches fail; and what each failure is to a client. */
import { Schema } from "effect"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { documentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import type { ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { BadRequest, Conflict, envelope, Forbidden } from "../../kernel/http/HttpErrors.ts"
import { failures as fileFailures } from "../files/FilesErrors.ts"
import type { NoFileStorage } from "../files/FilesErrors.ts"
import type { StorageFailed } from "../files/FileStorage.ts"

/** The rules of paths keep who asks from what each line would ask. */
export class EndpointForbidden extends Schema.TaggedError<EndpointForbidden>()("EndpointForbidden", {
  message: Schema.String
}) {}

export const failures = FailureMap.make({
  DocumentNotFound: (error: DocumentNotFound) => documentNotFound(error),
  DocumentInvalid: ({ field, message }: DocumentInvalid) =>
    new BadRequest(envelope(message, { param: field, code: "invalid_batch" })),
  DocumentConflict: ({ code, message }: DocumentConflict) => new Conflict(envelope(message, { code })),
  AccessDenied: accessDenied,
  EndpointForbidden: ({ message }: EndpointForbidden) => new Forbidden(envelope(message, { code: "access_denied" })),
  EventLogUnavailable: eventLogUnavailable,
  NoFileStorage: (error: NoFileStorage): ServiceUnavailable => fileFailures.toHttpError(error),
  StorageFailed: (error: StorageFailed): ServiceUnavailable => fileFailures.toHttpError(error)
})

export const mapBatchErrors = failures.mapErrors()
