/** Headers of a client that a vendor of its dialect reads. */
import { Effect, Option } from "effect"
import { HttpServerRequest } from "effect/http"

const names = ["anthropic-version", "anthropic-beta"] as const

/** Those of the request that is answered; none where it came over no wire. */
export const current: Effect.Effect<Readonly<Record<string, string>>> = Effect.map(
  Effect.serviceOption(HttpServerRequest.HttpServerRequest),
  (request) => {
    if (Option.isNone(request)) return {}
    const { headers } = request.value
    return Object.fromEntries(names.flatMap((name) => headers[name] === undefined ? [] : [[name, headers[name]]]))
  }
)
