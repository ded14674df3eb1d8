/** In a verification: the ids a request had, and who asked. Nothing of it is decided anew. */
import { Context, Effect, Option } from "effect"
import { HttpServerRequest } from "effect/http"
import type { Principal } from "../../events/types/Principal.ts"

export interface ReplayedRequest {
  readonly requestId: string
  readonly sessionId: string
  readonly principal: Principal | null
}

export const CurrentReplayedRequest = Context.Reference<ReplayedRequest | undefined>(
  "strata/kernel/requests/ReplayedRequest/CurrentReplayedRequest",
  { defaultValue: () => undefined }
)

/** A header of the request that a verification runs again; undefined outside of one, or where it has none. */
export const replayedHeader = (name: string): Effect.Effect<string | undefined> =>
  Effect.flatMap(CurrentReplayedRequest, (replayed) =>
    replayed === undefined
      ? Effect.undefined
      : Effect.map(
        Effect.serviceOption(HttpServerRequest.HttpServerRequest),
        (request) => Option.isSome(request) ? request.value.headers[name] : undefined
      ))
