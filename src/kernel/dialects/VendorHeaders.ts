/** Headers of a client that a vendor of its dialect reads. */
import { Context, Effect, Option } from "effect"
import { HttpServerRequest } from "effect/http"

const names = ["anthropic-version", "anthropic-beta"] as const

type Headers = Readonly<Record<string, string>>

/** Those of who asked for work that is done later, while it is done; undefined: who asks waits. */
export const Kept = Context.Reference<Headers | undefined>("strata/kernel/dialects/VendorHeaders/Kept", {
  defaultValue: () => undefined
})

const ofRequest: Effect.Effect<Headers> = Effect.map(
  Effect.serviceOption(HttpServerRequest.HttpServerRequest),
  (request) => {
    if (Option.isNone(request)) return {}
    const { headers } = request.value
    return Object.fromEntries(names.flatMap((name) => headers[name] === undefined ? [] : [[name, headers[name]]]))
  }
)

/** Those of the request that is answered; none where it came over no wire. */
export const current: Effect.Effect<Headers> = Effect.flatMap(
  Kept,
  (kept) => kept === undefined ? ofRequest : Effect.succeed(kept)
)
