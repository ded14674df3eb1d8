/** How vector stores fail; and what each failure is to a client. */
import { Schema } from "effect"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { documentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { accessDenied, eventLogUnavailable, providerUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import {
  BadGateway,
  BadRequest,
  Conflict,
  envelope,
  Forbidden,
  NotFound,
  ServiceUnavailable
} from "../../kernel/http/HttpErrors.ts"
import type { ProviderUnavailable } from "../../kernel/http/ProviderUnavailable.ts"
import type { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"
import type { NoVectorIndex } from "../vector-io/VectorIoErrors.ts"
import { noVectorIndex, vectorIndexFailed } from "../vector-io/VectorIoErrors.ts"

/** The model made no vectors. */
export class EmbeddingFailed extends Schema.TaggedError<EmbeddingFailed>()("EmbeddingFailed", {
  /** As a client is answered: 400, 403, 404, 502 … */
  status: Schema.Int,
  code: Schema.String,
  /** What to change; default: the store's model. */
  param: Schema.optionalKey(Schema.String),
  message: Schema.String,
  /** It may go well the next time. */
  retryable: Schema.Boolean
}) {}

/** An API that is needed is not served here. */
export class NotServed extends Schema.TaggedError<NotServed>()("NotServed", { api: Schema.String }) {
  override get message(): string {
    return `The API ${this.api} is not served here: add it to \`apis\` of the configuration, or leave \`apis\` out`
  }
}

const embeddingFailed = ({ code, message, param = "embedding_model", status }: EmbeddingFailed) => {
  const body = envelope(message, {
    param,
    code,
    type: status < 500 ? "invalid_request_error" : "upstream_error"
  })
  switch (status) {
    case 400:
      return new BadRequest(body)
    case 403:
      return new Forbidden(body)
    case 404:
      return new NotFound(body)
    case 503:
      return new ServiceUnavailable(body)
    default:
      return new BadGateway(body)
  }
}

export const failures = FailureMap.make({
  DocumentNotFound: (error: DocumentNotFound, param?: string) => documentNotFound(error, param),
  DocumentInvalid: ({ field, message, type }: DocumentInvalid) =>
    new BadRequest(envelope(message, { param: field, code: `invalid_${type}` })),
  DocumentConflict: ({ code, message }: DocumentConflict) => new Conflict(envelope(message, { code })),
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable,
  ProviderUnavailable: (error: ProviderUnavailable) => providerUnavailable(error),
  NoVectorIndex: (error: NoVectorIndex) => noVectorIndex(error),
  VectorIndexFailed: (error: VectorIndexFailed) => vectorIndexFailed(error),
  EmbeddingFailed: (error: EmbeddingFailed) => embeddingFailed(error),
  NotServed: ({ message }: NotServed) =>
    new ServiceUnavailable(envelope(message, { type: "server_error", code: "not_served" }))
})

export const mapErrors = failures.mapErrors()
