/** What a Schema refuses, in OpenAI's envelope: every issue, and the path of the first as `param`. */
import { Effect, SchemaIssue } from "effect"
import { HttpApiMiddleware } from "effect/http-api"
import type { HttpApiError } from "effect/http-api"
import { schemaRefusal } from "../kernel/http/CommonFailures.ts"
import { BadRequest, envelope, InternalServerError } from "../kernel/http/HttpErrors.ts"
import { SchemaErrors } from "../kernel/http/StrataApi.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof segment === "object" ? segment.key : segment)

/** Issues named in a message. */
const named = 5

/** What of a request does not fit its Schema. */
export const toBadRequest = ({ cause }: HttpApiError.HttpApiSchemaError): BadRequest => {
  const issues = format(cause.issue).issues.map(({ message, path }) => ({
    message,
    path: (path ?? []).map(keyOf).join(".")
  }))
  const text = issues.slice(0, named).map(({ message, path }) => path === "" ? message : `${path}: ${message}`).join(
    "; "
  )
  const more = issues.length > named ? ` and ${issues.length - named} more` : ""
  const param = issues[0]?.path ?? ""
  return new BadRequest(
    envelope(`${schemaRefusal} ${text}${more}.`, { param: param === "" ? null : param })
  )
}

export const layer = HttpApiMiddleware.layerSchemaErrorTransform(SchemaErrors, (error) => {
  if (error.kind === "Body" || error.kind === "ResponseHeaders") {
    return Effect.andThen(
      Effect.logError(`An answer does not fit its Schema: ${error.message}`),
      Effect.fail(
        new InternalServerError(
          envelope("Strata made an answer it can't encode.", { type: "server_error", code: "internal_error" })
        )
      )
    )
  }
  return Effect.fail(toBadRequest(error))
})
