/**
 * What surrounds every request, step by step: it is admitted, its headers are read, it runs as a request of the kernel,
 * and its answer is in the client's dialect. The router has matched it before.
 */
import { Cause, Effect } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Principal } from "../events/types/Principal.ts"
import { CurrentPrincipal } from "../events/types/Principal.ts"
import * as PolicyEvents from "../kernel/access/PolicyEvents.ts"
import * as HttpBytes from "../kernel/bytes/HttpBytes.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"
import * as ProviderData from "../kernel/provider/ProviderData.ts"
import { CurrentReplayedRequest } from "../kernel/requests/ReplayedRequest.ts"
import { requestHeader, Requests } from "../kernel/requests/Requests.ts"
import type { Refusal } from "./Admission.ts"
import * as Admission from "./Admission.ts"
import { CurrentCors } from "./Cors.ts"
import * as ErrorResponses from "./ErrorResponses.ts"
import * as OperationFinder from "./OperationFinder.ts"
import * as RequestBody from "./RequestBody.ts"
import type { RequestContext } from "./RequestContext.ts"
import * as RequestHeaders from "./RequestHeaders.ts"
import { ServerOptions } from "./ServerOptions.ts"

type Response = HttpServerResponse.HttpServerResponse
type Handler = Effect.Effect<Response, unknown>

export const make = Effect.gen(function*() {
  const requests = yield* Requests
  const admit = yield* Admission.make()
  const cors = yield* CurrentCors
  const { maxBodyBytes } = yield* ServerOptions
  const { allowedMethods } = OperationFinder.make((yield* ServedApi).operations)
  const readProviderData = yield* ProviderData.ProviderDataReader
  const refusalOf = yield* RequestHeaders.makeRefusal

  const failureOf = (error: unknown) => ErrorResponses.ofError(error, maxBodyBytes, allowedMethods)

  /** Every failure becomes an answer; only interruption stays one. */
  const answered = (handler: Handler): Effect.Effect<Response> =>
    handler.pipe(
      Effect.map((response) => ErrorResponses.complete(response, maxBodyBytes)),
      Effect.catchCause((cause) => {
        if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause as Cause.Cause<never>)
        const response = ErrorResponses.toResponse(failureOf(Cause.squash(cause)))
        return ErrorResponses.isDefect(cause) ? Effect.as(Effect.logError(cause), response) : Effect.succeed(response)
      })
    )

  /** What a replay masks is masked already. */
  const providerDataOf = (text: string | undefined, isReplayed: boolean) =>
    text === undefined || isReplayed ? Effect.succeed(ProviderData.empty) : readProviderData(text)

  /** As a request of the kernel: with its session, its recording and its commit. */
  const recorded = Effect.fnUntraced(
    function*({ match, request }: RequestContext, handler: Handler, isReplayed: boolean) {
      const { headers, method, url } = request
      const providerData = yield* providerDataOf(headers[ProviderData.header], isReplayed)
      const body = yield* Effect.exit(match?.operation.payload === undefined ? Effect.succeed("") : request.text)
      const text = body._tag === "Success" ? body.value : ""
      const answer = body._tag === "Success"
        ? Effect.provideService(handler, HttpServerRequest.HttpServerRequest, RequestBody.withText(request, text))
        : Effect.failCause(body.cause)
      const input = {
        operation: match?.operation,
        method,
        url,
        params: match?.params ?? {},
        query: match?.query ?? {},
        headers,
        body: text,
        ...RequestHeaders.askedOf(headers, providerData.secrets)
      }
      const bytes = answered(answer).pipe(
        Effect.map(HttpBytes.fromResponse),
        RequestHeaders.carrying(headers, providerData)
      )
      return HttpBytes.toResponse(yield* requests.run(input, bytes, failureOf))
    }
  )

  /** Who is not admitted gets no session and leaves no text: only that it was refused is recorded. */
  const refuse = ({ principal, response, violation }: Refusal, { request }: RequestContext) =>
    Effect.gen(function*() {
      const recording = yield* requests.recording(RequestHeaders.askedOf(request.headers))
      recording.emit(PolicyEvents.Violation, violation)
      yield* recording.flush
      return HttpServerResponse.setHeader(response, requestHeader, recording.options.requestId)
    }).pipe(Effect.provideService(CurrentPrincipal, principal))

  const run = (context: RequestContext, handler: Handler, isReplayed = false): Effect.Effect<Response> => {
    if (context.document || context.match?.operation.recorded === false) return answered(handler)
    const refusal = isReplayed ? undefined : refusalOf(context.request.headers)
    return refusal === undefined ? answered(recorded(context, handler, isReplayed)) : Effect.succeed(refusal)
  }

  const as = (principal: Principal | null, running: Effect.Effect<Response>) =>
    principal === null ? running : Effect.provideService(running, CurrentPrincipal, principal)

  const admitted = (context: RequestContext, handler: Handler) =>
    Effect.matchEffect(admit(context.request, context.match), {
      onFailure: (error) => Effect.succeed(ErrorResponses.toResponse(failureOf(error))),
      onSuccess: (admission) =>
        admission._tag === "Refused"
          ? refuse(admission.refusal, context)
          : admission._tag === "Answered"
          ? Effect.succeed(admission.response)
          : as(admission.principal, run(context, handler))
    })

  return (context: RequestContext, handler: Handler): Effect.Effect<Response> =>
    Effect.flatMap(CurrentReplayedRequest, (replayed) => {
      const answer = replayed === undefined
        ? admitted(context, handler)
        : as(replayed.principal, run(context, handler, true))
      return cors === undefined
        ? answer
        : Effect.map(answer, (response) => cors.allow(context.request, response))
    })
})
