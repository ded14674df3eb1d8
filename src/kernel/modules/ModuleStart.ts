/** How an API from outside starts: what goes wrong in its code is told with its name, and no endpoint is forgotten. */
import { Cause, Effect, Layer, Predicate, Schema } from "effect"
import type { HttpApiGroup } from "effect/http-api"
import * as FailureText from "../issues/FailureText.ts"
import type { AnyApiLive, AnyApiModule } from "./ApiModule.ts"

export class ExternalApiNotStarted extends Schema.TaggedError<ExternalApiNotStarted>()("ExternalApiNotStarted", {
  api: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `The API ${this.api}, which a module brings, can't start: ${this.detail}. ` +
      "Ask its author for a version that can, or take the module out of the configuration."
  }
}

const explain = (api: string, part: string, cause: Cause.Cause<unknown>) => {
  const error = Cause.squash(cause)
  return error instanceof ExternalApiNotStarted
    ? error
    : new ExternalApiNotStarted({ api, detail: `its ${part}: ${FailureText.of(error).replace(/\.$/, "")}` })
}

/** `part`: what of it the layer is, for people. Where it throws or dies the stack is in the log of level debug. */
export const layer = <A, E, R>(api: string, part: string, make: () => Layer.Layer<A, E, R>) =>
  Layer.suspend(make).pipe(
    Layer.catchCause((cause) =>
      Layer.effectDiscard(
        Cause.hasInterruptsOnly(cause)
          ? Effect.interrupt
          : Effect.andThen(Effect.logDebug(`${api}: its ${part}`, cause), Effect.fail(explain(api, part, cause)))
      )
    )
  )

/** What an API's `live` gives; the module's code may throw, never end, or give something else. */
export const load = (module: AnyApiModule): Effect.Effect<AnyApiLive, ExternalApiNotStarted> => {
  const { name } = module
  const fail = (detail: string) => new ExternalApiNotStarted({ api: name, detail })
  return Effect.tryPromise({
    try: () => Promise.resolve().then(() => module.live()),
    catch: (error) => fail(`its live: ${FailureText.of(error).replace(/\.$/, "")}`)
  })
    .pipe(
      Effect.timeoutOrElse({
        duration: "30 seconds",
        orElse: () => Effect.fail(fail("its live has not loaded within 30 seconds"))
      }),
      Effect.filterOrFail(
        (given) => Predicate.hasProperty(given, "live") && Predicate.hasProperty(given.live, "handlers"),
        () => fail("its live: the file exports no live: export const live = ApiModule.live({ handlers, layer })")
      ),
      Effect.map(({ live }) => live)
    )
}

/** The endpoints that have no handler; undefined: these are no handlers. */
const missing = (group: HttpApiGroup.Top, built: unknown): ReadonlyArray<string> | undefined => {
  if (!Predicate.hasProperty(built, "handlers") || !(built.handlers instanceof Map)) return undefined
  const { handlers } = built
  return Object.keys(group.endpoints).filter((name) => !handlers.has(name))
}

const complete = (group: HttpApiGroup.Top, built: unknown) => {
  const fail = (detail: string) => Effect.fail(new ExternalApiNotStarted({ api: group.identifier, detail }))
  const names = missing(group, built)
  if (names === undefined) return fail("its handlers: the function gives something else")
  return names.length === 0 ? Effect.succeed(built) : fail(`there is no handler for ${names.join(", ")}`)
}

/** What builds the handlers of a group, held to build them all. */
export const handlers = (group: HttpApiGroup.Top, build: (handlers: never) => unknown) => (empty: never) => {
  const built = build(empty)
  return Effect.isEffect(built)
    ? Effect.flatMap(built, (handlers) => complete(group, handlers))
    : complete(group, built)
}
