/** How registries of resources fail, whatever their kind; and what each failure is to a client. */
import { Effect, Schema } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "./AccessDenied.ts"
import { accessDenied, eventLogUnavailable, providerUnavailable } from "./CommonFailures.ts"
import type { AnswerOf } from "./FailureAnswers.ts"
import { toAnswer } from "./FailureAnswers.ts"
import { BadRequest, Conflict, envelope, NotFound } from "./HttpErrors.ts"
import type { ProviderUnavailable } from "./ProviderUnavailable.ts"

/** `tool_group` in words. */
const said = (type: string) => type.replaceAll("_", " ")

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
      return `More than one provider has a ${said(type)} \`${identifier}\`. Ask for one of them: ${
        suggestions.join(", ")
      }.`
    }
    const hint = suggestions.length === 0
      ? `List the ${said(type)}s to see what there is.`
      : `Did you mean ${suggestions.join(" or ")}?`
    return `The ${said(type)} \`${identifier}\` does not exist or no provider serves it. ${hint}`
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

const errors = {
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
}

type Mapped<E extends ResourceError> = AnswerOf<typeof errors, E>

/** A failure as a client sees it. `param`: what the operation calls the identifier of what is not there. */
export const toHttpError = <E extends ResourceError>(error: E, param?: string): Mapped<E> =>
  toAnswer(errors, error, param)

/** Every failure of a registry as a client sees it: for the handlers of all pairs. */
export const mapResourceErrors = <A, E extends ResourceError, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, Mapped<E>, R> => Effect.mapError(effect, (error) => toHttpError(error))
