/** How failures of requests in process look: as the handlers of their operations answer them over HTTP. */
import { apis } from "../apis/Apis.ts"
import { failures as consumerGroups } from "../apis/consumer-groups/ConsumerGroupErrors.ts"
import { DeniedByHook } from "../apis/inference/Inference.ts"
import * as InferenceErrors from "../apis/inference/InferenceErrors.ts"
import { failures as providers } from "../apis/providers/Providers.ts"
import { failures as tools } from "../apis/tool-runtime/ToolRuntimeErrors.ts"
import type { HttpError } from "../kernel/http/HttpErrors.ts"
import { isHttpError, statusOf } from "../kernel/http/HttpErrors.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import { ProviderFailed, ProviderRejected } from "../kernel/http/ProviderErrors.ts"
import * as ResourceErrors from "../kernel/http/ResourceErrors.ts"
import * as SessionErrors from "../kernel/http/SessionErrors.ts"
import * as ApiEvents from "../kernel/requests/ApiEvents.ts"
import type { FailureOf, RequestFailure } from "../kernel/requests/RequestFailure.ts"
import * as ErrorResponses from "./ErrorResponses.ts"

/** What the operation calls the resource: `model` in a body, `model_id` in a path. */
const parameterOf = (type: string, operation: Operation | undefined): string | undefined =>
  ApiEvents.summaryFields(operation?.payload).includes(type) ? type : undefined

/** What no answer of the whole program stands for. */
const ofServices = [ResourceErrors.failures, SessionErrors.failures, consumerGroups, providers, tools]

const ofService = (error: unknown): HttpError | undefined => {
  for (const { httpErrorOf } of ofServices) {
    const answer = httpErrorOf(error)
    if (answer !== undefined) return answer
  }
  return undefined
}

const mapped = (error: unknown, operation: Operation | undefined): HttpError | undefined => {
  if (isHttpError(error)) return error
  if (error instanceof DeniedByHook || error instanceof ProviderFailed) return InferenceErrors.toHttpError(error)
  return error instanceof ResourceErrors.ResourceNotFound
    ? ResourceErrors.failures.toHttpError(error, parameterOf(error.type, operation))
    : undefined
}

/** As the clients of the operation's dialect read it. */
export const failureOf: FailureOf = (error, operation): RequestFailure => {
  const failure = failureIn(error, operation)
  const dialect = operation === undefined ? undefined : apis.errorDialects.get(operation.id)
  return failure.text === undefined ? ErrorResponses.inDialect(failure, dialect) : failure
}

const failureIn: FailureOf = (error, operation): RequestFailure => {
  const other = ErrorResponses.ofError(error, Number.MAX_SAFE_INTEGER, () => [])
  if (error instanceof ProviderRejected) return { ...other, ...rejected(error) }
  const answer = mapped(error, operation) ?? (other.status === 500 ? ofService(error) : undefined)
  return answer === undefined ? other : { status: statusOf(answer)!, body: { error: answer.error } }
}

/** A vendor's own error passes as it came. */
const rejected = ({ headers, status, text }: ProviderRejected) => ({ status, headers, text })
