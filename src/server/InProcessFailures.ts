/** How failures of requests in process look: as the handlers of their operations answer them over HTTP. */
import { Predicate } from "effect"
import { DeniedByHook } from "../apis/inference/Inference.ts"
import * as InferenceErrors from "../apis/inference/InferenceErrors.ts"
import type { HttpError } from "../kernel/http/HttpErrors.ts"
import { statusOf } from "../kernel/http/HttpErrors.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import { ProviderFailed, ProviderRejected } from "../kernel/http/ProviderErrors.ts"
import { ResourceConflict, ResourceInvalid, ResourceNotFound, toHttpError } from "../kernel/http/ResourceErrors.ts"
import * as ApiEvents from "../kernel/requests/ApiEvents.ts"
import type { FailureOf, RequestFailure } from "../kernel/requests/RequestFailure.ts"
import * as ErrorResponses from "./ErrorResponses.ts"

/** What the operation calls the resource: `model` in a body, `model_id` in a path. */
const parameterOf = (type: string, operation: Operation | undefined): string | undefined =>
  ApiEvents.summaryFields(operation?.payload).includes(type) ? type : undefined

const mapped = (error: unknown, operation: Operation | undefined): unknown => {
  if (error instanceof DeniedByHook || error instanceof ProviderFailed) return InferenceErrors.toHttpError(error)
  if (error instanceof ResourceNotFound) return toHttpError(error, parameterOf(error.type, operation))
  if (error instanceof ResourceInvalid || error instanceof ResourceConflict) return toHttpError(error)
  return error
}

const isHttpError = (error: unknown): error is HttpError => Predicate.isError(error) && statusOf(error) !== undefined

export const failureOf: FailureOf = (error, operation): RequestFailure => {
  const other = ErrorResponses.ofError(error, Number.MAX_SAFE_INTEGER, () => [])
  if (error instanceof ProviderRejected) return { ...other, ...rejected(error) }
  const answer = mapped(error, operation)
  return isHttpError(answer) ? { status: statusOf(answer)!, body: { error: answer.error } } : other
}

/** A vendor's own error passes as it came. */
const rejected = ({ headers, status, text }: ProviderRejected) => ({ status, headers, text })
