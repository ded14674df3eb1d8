/** How what is asked of responses fails, and what each failure is to a client. */
import { Schema } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { CompletionError, InferenceError } from "../inference/Inference.ts"

/** What is asked does not fit: names the field, and what to do about it. */
export class ResponseInvalid extends Schema.TaggedError<ResponseInvalid>()("ResponseInvalid", {
  message: Schema.String,
  param: Schema.String,
  code: Schema.NullOr(Schema.String)
}) {}

/** The response that is to be gone on from is not there, or not to be seen by who asks. */
export class PreviousResponseNotFound
  extends Schema.TaggedError<PreviousResponseNotFound>()("PreviousResponseNotFound", {
    id: Schema.String
  })
{
  override get message(): string {
    return `There is no response with the id ${JSON.stringify(this.id)} to go on from. It may not have been stored ` +
      "(`store`), have been deleted, or belong to somebody else. Send the conversation as `input`."
  }
}

/** What others do, or did meanwhile, is in the way: what is asked can be asked again. */
export class ResponseConflict extends Schema.TaggedError<ResponseConflict>()("ResponseConflict", {
  message: Schema.String,
  param: Schema.String,
  code: Schema.String
}) {}

/** What a field names is not there, or not to be seen by who asks. */
export class DocumentNotFoundAt extends Schema.TaggedError<DocumentNotFoundAt>()("DocumentNotFoundAt", {
  param: Schema.String,
  code: Schema.String,
  message: Schema.String
}) {}

/** The tools of an MCP server can't be had. */
export class ToolsUnavailable extends Schema.TaggedError<ToolsUnavailable>()("ToolsUnavailable", {
  server: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `The tools of the MCP server \`${this.server}\` can't be had: ${this.detail}`
  }
}

/** The turn ended by something that is none of these. */
export class ResponseFailed extends Schema.TaggedError<ResponseFailed>()("ResponseFailed", {
  code: Schema.String,
  message: Schema.String
}) {}

export type ResponseError =
  | ResponseInvalid
  | PreviousResponseNotFound
  | DocumentNotFoundAt
  | ResponseConflict
  | ToolsUnavailable
  | ResponseFailed
  | DocumentNotFound
  | DocumentInvalid
  | DocumentConflict
  | AccessDenied
  | EventLogUnavailable
  | CompletionError
  | InferenceError

export const invalid = (param: string, message: string, code: string | null = null) =>
  new ResponseInvalid({ param, message, code })
