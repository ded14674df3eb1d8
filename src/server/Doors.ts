/** What a request passes before anybody asks who sent it: for which name, from which page, and with what body. */
import { Effect } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import * as ContentGuard from "./ContentGuard.ts"
import { CurrentCors } from "./Cors.ts"
import { isDocument } from "./Documents.ts"
import * as HostGuard from "./HostGuard.ts"
import * as OriginGuard from "./OriginGuard.ts"
import type { Refused } from "./Refused.ts"
import type { Match } from "./RequestContext.ts"

type Request = HttpServerRequest.HttpServerRequest

export interface Doors {
  /** Whether the request is for this server, and from somebody who may ask. */
  readonly refusal: (request: Request, match: Match | undefined) => Refused | undefined
  /** The answer to a browser that asks whether a page may ask. */
  readonly preflight: (request: Request) => HttpServerResponse.HttpServerResponse | undefined
  /** Whether the body is of a type that the operation takes. */
  readonly content: (request: Request, match: Match | undefined) => Refused | undefined
}

/** For everyone: what holds no data. */
export const isPublic = ({ url }: Request, match: Match | undefined): boolean =>
  match === undefined ? isDocument(url) : match.operation.public

export const make: Effect.Effect<Doors> = Effect.gen(function*() {
  const hosts = yield* HostGuard.CurrentHosts
  const cors = yield* CurrentCors
  const ofHost = hosts === undefined ? () => undefined : HostGuard.make(hosts)
  const ofOrigin = OriginGuard.make(cors?.origins ?? new Set())
  return {
    refusal: (request, match) => {
      const { headers } = request
      return ofHost(headers["host"]) ?? (isPublic(request, match) ? undefined : ofOrigin(headers))
    },
    preflight: (request) => request.method === "OPTIONS" ? cors?.preflight(request) : undefined,
    content: (request, match) => ContentGuard.refusal(request, match?.operation)
  }
})
