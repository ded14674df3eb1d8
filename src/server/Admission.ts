/** Before anything is done for a request: who asks, whether there is quota left, and whether the path is for them. */
import { Context, Effect, Option } from "effect"
import type { HttpServerRequest } from "effect/http"
import type { EventLogUnavailable } from "../events/log/EventLog.ts"
import type { Payload } from "../events/types/Event.ts"
import type { Principal } from "../events/types/Principal.ts"
import type { Violation } from "../kernel/access/PolicyEvents.ts"
import type { RoutePolicy } from "../kernel/access/RoutePolicy.ts"
import { actionOf, decide } from "../kernel/access/RoutePolicy.ts"
import { envelope } from "../kernel/http/HttpErrors.ts"
import type { Answering } from "../kernel/modules/InProcessOperations.ts"
import type { RequestFailure } from "../kernel/requests/RequestFailure.ts"
import { Authentication } from "./Authentication.ts"
import type { AuthenticationFailed } from "./Authenticator.ts"
import { pathOf } from "./OperationFinder.ts"
import type { Exceeded } from "./Quotas.ts"
import { Quotas } from "./Quotas.ts"
import type { Refused } from "./Refused.ts"
import type { Match } from "./RequestContext.ts"

type Request = HttpServerRequest.HttpServerRequest

/** The rules of paths in force; default: every path is for everyone. */
export const CurrentRoutePolicy = Context.Reference<RoutePolicy>("strata/server/Admission/CurrentRoutePolicy", {
  defaultValue: () => []
})

export interface Refusal {
  readonly failure: RequestFailure
  readonly principal: Principal | null
  readonly violation: Payload<typeof Violation>
}

/** Who asks, and may; or why not. */
export type Admission = Refusal | { readonly principal: Principal | null }

const codes = {
  missing: "missing_api_key",
  invalid: "invalid_api_key",
  expired: "expired_token",
  unavailable: "authentication_unavailable"
} as const

/** Characters of a path that are told: whoever is refused must not fill the log. */
const longestPath = 512

const about = ({ method }: Pick<Request, "method">, path: string) => ({
  method,
  path: path.slice(0, longestPath),
  action: null,
  resource: null,
  rule: null
})

/** What the doors do not let in; `principal`: who asks, where that was looked at before. */
const stopped = (
  { code, kind, reason, status }: Refused,
  principal: Principal | null,
  request: Request,
  match: Match | undefined
): Refusal => ({
  failure: { status, body: envelope(reason, { code }) },
  principal,
  violation: { kind, reason, ...about(request, pathOf(request, match)) }
})

/** RFC 6750: an error is named only where something was sent. */
const challenge = ({ reason }: AuthenticationFailed): string =>
  reason === "missing" ? "Bearer realm=\"strata\"" : "Bearer realm=\"strata\", error=\"invalid_token\""

const unauthenticated = (error: AuthenticationFailed, request: Request, path: string): Refusal => {
  const { message, reason } = error
  const failure = reason === "unavailable"
    ? { status: 503, body: envelope(message, { type: "server_error", code: codes[reason] }) }
    : {
      status: 401,
      body: envelope(message, { code: codes[reason] }),
      headers: { "www-authenticate": challenge(error) }
    }
  return { failure, principal: null, violation: { kind: "authentication", reason: message, ...about(request, path) } }
}

const exceeded = (
  { limit, period, retryAfter }: Exceeded,
  principal: Principal | null,
  request: Request,
  path: string
): Refusal => {
  const requests = limit === 1 ? "1 request" : `${limit} requests`
  const reason = `The quota of ${requests} a ${period} is used up. It begins anew in ${retryAfter} s.`
  const failure = {
    status: 429,
    body: envelope(reason, { type: "requests", code: "rate_limit_exceeded" }),
    headers: { "retry-after": String(retryAfter) }
  }
  return { failure, principal, violation: { kind: "quota", reason, ...about(request, path) } }
}

/** `admit` is asked behind the doors; undefined: there is no authentication, no quota and no rule of paths. */
export const make = Effect.fn("Admission.make")(function*() {
  const { authenticate, required } = yield* Authentication
  const { limited, take } = yield* Quotas
  const policy = yield* CurrentRoutePolicy
  const isOpen = !required && !limited && policy.length === 0

  const forbidden = (
    principal: Principal | null,
    request: Pick<Request, "method">,
    path: string
  ): Refusal | undefined => {
    const action = actionOf(request.method)
    const { permitted, rule } = decide(policy, principal, action, path)
    if (permitted) return undefined
    const reason = `You may not ${action} ${
      path.slice(0, longestPath)
    }. Who runs this server can permit it: server.auth.route_policy.`
    const applied = rule === null ? undefined : policy[rule]
    return {
      failure: { status: 403, body: envelope(reason, { code: "access_denied" }) },
      principal,
      violation: {
        kind: "route",
        reason,
        ...about(request, path),
        action,
        rule: rule === null || applied === undefined
          ? null
          : { policy: "route_policy", index: rule, description: applied.description }
      }
    }
  }

  const admit = Effect.fnUntraced(
    function*(request: Request, match: Match | undefined): Effect.fn.Return<Admission, EventLogUnavailable> {
      const path = pathOf(request, match)
      let principal: Principal | null = null
      if (required) {
        const authenticated = yield* Effect.result(authenticate(request.headers))
        if (authenticated._tag === "Failure") return unauthenticated(authenticated.failure, request, path)
        principal = authenticated.success
      }
      if (limited) {
        const over = yield* take(principal, Option.getOrElse(request.remoteAddress, () => "unknown"))
        if (over !== undefined) return exceeded(over, principal, request, path)
      }
      const refusal = policy.length === 0 ? undefined : forbidden(principal, request, path)
      return refusal ?? { principal }
    }
  )

  const inProcess: Pick<Answering, "refusal" | "takeQuota"> = {
    refusal: (principal, operation) =>
      policy.length === 0 ? undefined : forbidden(principal, operation, operation.path)?.violation.reason,
    takeQuota: (principal) =>
      limited ? Effect.map(take(principal, "unknown"), (over) => over?.retryAfter ?? 0) : Effect.succeed(0)
  }

  return { admit: isOpen ? undefined : admit, inProcess, stopped }
})
