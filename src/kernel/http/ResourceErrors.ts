/** How registries of resources fail, whatever their kind; and what each failure is to a client. */
import { Schema } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "./AccessDenied.ts"
import { accessDenied, eventLogUnavailable, providerUnavailable } from "./CommonFailures.ts"
import * as FailureMap from "./FailureMap.ts"
import { BadRequest, Conflict, envelope, NotFound } from "./HttpErrors.ts"
import type { ProviderUnavailable } from "./ProviderUnavailable.ts"

/** `tool_group` in words. */
const inWords = (type: string) => type.replaceAll("_", " ")

export class ResourceNotFound extends Schema.TaggedError<ResourceNotFound>()("ResourceNotFound", {
  /** `model`, `vector_store` … */
  type: Schema.String,
  identifier: Schema.String,
  /** What may have been meant; all of them go by that name where it is `ambiguous`. */
  suggestions: Schema.Array(Schema.String),
  ambiguous: Schema.Boolean
}) {
  override get message(): string {
    const { ambiguous, identifier, suggestions, type } = this
    if (ambiguous) {
      return `More than one provider has a ${inWords(type)} \`${identifier}\`. Ask for one of them: ${
        suggestions.join(", ")
      }.`
    }
    const hint = suggestions.length === 0
      ? `List the ${inWords(type)}s to see what there is.`
      : `Did you mean ${suggestions.join(" or ")}?`
    return `The ${inWords(type)} \`${identifier}\` does not exist or no provider serves it. ${hint}`
  }
}

/** A registration is not understood, or its provider refuses it. */
export class ResourceInvalid extends Schema.TaggedError<ResourceInvalid>()("ResourceInvalid", {
  type: Schema.String,
  /** The field of the request that is wrong. */
  field: Schema.String,
  message: Schema.String
}) {}

/** `exists`: the identifier stands for something else; `fixed`: it is not for clients to take back. */
export class ResourceConflict extends Schema.TaggedError<ResourceConflict>()("ResourceConflict", {
  type: Schema.String,
  identifier: Schema.String,
  reason: Schema.Literals(["exists", "fixed"]),
  message: Schema.String
}) {}

export type ResourceError =
  | ResourceNotFound
  | ResourceInvalid
  | ResourceConflict
  | ProviderUnavailable
  | AccessDenied
  | EventLogUnavailable

/** `param`: what the operation calls the identifier; default `<type>_id`. */
export const resourceNotFound = (error: ResourceNotFound, param = `${error.type}_id`) =>
  new NotFound(envelope(error.message, {
    param,
    code: error.ambiguous ? `${error.type}_ambiguous` : `${error.type}_not_found`
  }))

export const failures = FailureMap.make({
  ResourceNotFound: (error: ResourceNotFound, param?: string) => resourceNotFound(error, param),
  ResourceInvalid: ({ field, message, type }: ResourceInvalid) =>
    new BadRequest(envelope(message, { param: field, code: `invalid_${type}` })),
  ResourceConflict: ({ message, reason, type }: ResourceConflict) =>
    new Conflict(envelope(message, {
      param: `${type}_id`,
      code: reason === "exists" ? `${type}_exists` : `${type}_not_deletable`
    })),
  ProviderUnavailable: providerUnavailable,
  AccessDenied: accessDenied,
  EventLogUnavailable: eventLogUnavailable
})

/** Every failure of a registry as a client sees it: for the handlers of all pairs. */
export const mapResourceErrors = failures.mapErrors()
