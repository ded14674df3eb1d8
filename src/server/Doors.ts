/** What a request passes before anybody asks who sent it: for which name, from which page, and with what body. */
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http"
import * as ContentGuard from "./ContentGuard.ts"
import { CurrentCors } from "./Cors.ts"
import * as HostGuard from "./HostGuard.ts"
import * as OriginGuard from "./OriginGuard.ts"
import type { Refused } from "./Refused.ts"
import type { Route } from "./RequestContext.ts"

/**
 * Whether the request is for this server, from somebody who may ask, and with a body that its route takes, in this order.
 * What most requests bring is compared with what is let through; the guards look at the rest, and say what is wrong.
 */
export type Doors = (
  request: HttpServerRequest.HttpServerRequest,
  route: Pick<Route, "operation" | "contentTypes">,
  isPublic: boolean
) => Refused | undefined

export const make: Effect.Effect<Doors> = Effect.gen(function*() {
  const hosts = yield* HostGuard.CurrentHosts
  const cors = yield* CurrentCors
  const ofHost = hosts === undefined ? () => undefined : HostGuard.make(hosts)
  const ofOrigin = OriginGuard.make(cors?.origins ?? new Set())
  /** The last one that was let through: clients of one address send the same. */
  let usualHost: string | undefined

  return (request, { contentTypes, operation }, isPublic) => {
    const { "content-type": type, host, origin, "sec-fetch-site": site } = request.headers
    if (host !== usualHost) {
      const refused = ofHost(host)
      if (refused !== undefined) return refused
      usualHost = host
    }
    if (!isPublic && (origin !== undefined || site !== undefined)) {
      const refused = ofOrigin(request.headers)
      if (refused !== undefined) return refused
    }
    return type !== undefined && contentTypes.has(type) ? undefined : ContentGuard.refusal(request, operation)
  }
})
