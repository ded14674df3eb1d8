/** What surrounds every request, step by step: the doors, who asks, and then what is done for it. */
import { Context, Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Principal } from "../events/types/Principal.ts"
import { CurrentPrincipal } from "../events/types/Principal.ts"
import * as PolicyEvents from "../kernel/access/PolicyEvents.ts"
import { CurrentReplayedRequest } from "../kernel/requests/ReplayedRequest.ts"
import { requestHeader } from "../kernel/requests/RequestIds.ts"
import { Requests } from "../kernel/requests/Requests.ts"
import type { Refusal } from "./Admission.ts"
import * as Admission from "./Admission.ts"
import { CurrentCors } from "./Cors.ts"
import { isDocument } from "./Documents.ts"
import * as Doors from "./Doors.ts"
import * as ErrorResponses from "./ErrorResponses.ts"
import type { Match, Route, Surround } from "./RequestContext.ts"
import * as RequestHeaders from "./RequestHeaders.ts"
import type { Answer, Run } from "./RequestRun.ts"
import * as RequestRun from "./RequestRun.ts"

type Request = HttpServerRequest.HttpServerRequest

const noParams = {}

const present = (params: Readonly<Record<string, string | undefined>>): Record<string, string> => {
  const output: Record<string, string> = {}
  for (const name in params) if (params[name] !== undefined) output[name] = params[name]
  return output
}

const as = (principal: Principal | null, running: Answer): Answer =>
  principal === null ? running : Effect.provideService(running, CurrentPrincipal, principal)

export const make = Effect.gen(function*() {
  const requests = yield* Requests
  const doors = yield* Doors.make
  const { admit, stopped } = yield* Admission.make()
  const cors = yield* CurrentCors
  const { failed, runOf } = yield* RequestRun.make

  /** Who is not admitted gets no session and leaves no text: only that it was refused is recorded. */
  const refuse = ({ failure, principal, violation }: Refusal, { dialect }: Route, { headers }: Request): Answer =>
    Effect.flatMap(requests.recording(RequestHeaders.askedOf(headers)), (recording) => {
      recording.emit(PolicyEvents.Violation, violation)
      return Effect.as(
        recording.commit,
        HttpServerResponse.setHeader(
          ErrorResponses.toResponse(ErrorResponses.inDialect(failure, dialect)),
          requestHeader,
          recording.options.requestId
        )
      )
    }).pipe(Effect.provideService(CurrentPrincipal, principal), Effect.catchCause(failed))

  const admitted = (route: Route, run: Run, request: Request, match: Match | undefined): Answer => {
    const isPublic = route.operation?.public ?? isDocument(request.url)
    const refused = doors(request, route, isPublic)
    if (refused !== undefined && refused.kind !== "content_type") {
      return refuse(stopped(refused, null, request, match), route, request)
    }
    const preflight = request.method === "OPTIONS" ? cors?.preflight(request) : undefined
    if (preflight !== undefined) return Effect.succeed(preflight)
    // A body that is not taken is looked at when it is known whose it is.
    const go = (principal: Principal | null) =>
      refused === undefined
        ? as(principal, run(request, match, false))
        : refuse(stopped(refused, principal, request, match), route, request)
    return admit === undefined || isPublic ? go(null) : Effect.matchCauseEffect(admit(request, match), {
      onSuccess: (admission) => "violation" in admission ? refuse(admission, route, request) : go(admission.principal),
      onFailure: failed
    })
  }

  const surround: Surround = (route, handler) => {
    const { operation } = route
    const hasParams = operation?.path.includes(":") === true
    const run = runOf(route, handler)
    return Effect.withFiber((fiber) => {
      const { context } = fiber
      const request = Context.getUnsafe(context, HttpServerRequest.HttpServerRequest)
      // The router has matched by then, and nobody matches again.
      const match = operation === undefined ? undefined : {
        operation,
        params: hasParams ? present(Context.getUnsafe(context, HttpRouter.RouteContext).params) : noParams,
        query: Context.getUnsafe(context, HttpServerRequest.ParsedSearchParams)
      }
      const replayed = fiber.getRef(CurrentReplayedRequest)
      const answer = replayed === undefined
        ? admitted(route, run, request, match)
        : as(replayed.principal, run(request, match, true))
      return cors === undefined ? answer : Effect.map(answer, (response) => cors.allow(request, response))
    })
  }
  return surround
})
