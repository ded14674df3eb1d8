/** How what clients do with their documents fails; and what each failure is to them. */
import { Schema } from "effect"
import { accessDenied, eventLogUnavailable } from "../http/CommonFailures.ts"
import * as FailureMap from "../http/FailureMap.ts"
import { BadRequest, Conflict, envelope, NotFound } from "../http/HttpErrors.ts"

/** It is not there, or not to be seen by who asks: both are said alike. */
export class DocumentNotFound extends Schema.TaggedError<DocumentNotFound>()("DocumentNotFound", {
  /** `conversation`, `response` … */
  type: Schema.String,
  id: Schema.String,
  /** The field that names it, such as `after`; default: the id of its type, as paths have it. */
  param: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const type = this.type.replaceAll("_", " ")
    return `There is no ${type} with the id ${
      JSON.stringify(this.id)
    }. It may have been deleted, or belong to somebody else.`
  }
}

/** A field of a request can't be as it is. */
export class DocumentInvalid extends Schema.TaggedError<DocumentInvalid>()("DocumentInvalid", {
  type: Schema.String,
  /** `items[3].id` */
  field: Schema.String,
  message: Schema.String
}) {}

/** It is in a state that does not let this be done. */
export class DocumentConflict extends Schema.TaggedError<DocumentConflict>()("DocumentConflict", {
  type: Schema.String,
  /** As a program reads it: `response_not_in_progress`. */
  code: Schema.String,
  message: Schema.String,
  /** The field that does not fit that state; absent: none. */
  param: Schema.optionalKey(Schema.String)
}) {}

export const documentNotFound = (error: DocumentNotFound, param = `${error.type}_id`) =>
  new NotFound(envelope(error.message, { param: error.param ?? param, code: `${error.type}_not_found` }))

export const failures = FailureMap.make({
  DocumentNotFound: (error: DocumentNotFound, param?: string) => documentNotFound(error, param),
  DocumentInvalid: ({ field, message, type }: DocumentInvalid) =>
    new BadRequest(envelope(message, { param: field, code: `invalid_${type}` })),
  DocumentConflict: ({ code, message, param }: DocumentConflict) =>
    new Conflict(envelope(message, { code, param: param ?? null })),
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable
})

export const mapDocumentErrors = failures.mapErrors()
