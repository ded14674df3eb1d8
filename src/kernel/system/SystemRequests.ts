/** Runs what Strata does of itself as requests of `system`: recorded where they change something or ask a provider. */
import { Cause, Context, Effect, Exit, Layer } from "effect"
import type { Schema } from "effect"
import type { Appendable } from "../../events/facts/Fact.ts"
import { isFact } from "../../events/facts/Fact.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { systemPrincipal } from "../../events/types/SystemPrincipal.ts"
import { CurrentTenant, defaultTenant } from "../../events/types/Tenant.ts"
import * as Bytes from "../bytes/Bytes.ts"
import { CurrentCall } from "../calls/Call.ts"
import { envelope } from "../http/HttpErrors.ts"
import * as FailureText from "../issues/FailureText.ts"
import { CurrentProviderData, none } from "../provider/ProviderData.ts"
import * as ApiEvents from "../requests/ApiEvents.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import type { FailureOf } from "../requests/RequestFailure.ts"
import * as RequestInput from "../requests/RequestInput.ts"
import { Requests } from "../requests/Requests.ts"
import { RequestSessions } from "../requests/RequestSessions.ts"
import type { SystemRequest } from "./ChangeOrigin.ts"
import { CurrentSystemRequest } from "./ChangeOrigin.ts"
import type { SystemOperation } from "./SystemOperations.ts"

export class SystemRequests extends Context.Service<SystemRequests, {
  /**
   * Runs `effect` as a request of its own, also on behalf of another one. `toAnswer` says what has come of it. That the
   * log could not be written is a warning: what was done is done.
   */
  readonly run: <Payload extends Schema.Top, Success extends Schema.Top, A, E, R>(
    operation: SystemOperation<Payload, Success>,
    payload: Payload["Encoded"],
    effect: Effect.Effect<A, E, R>,
    toAnswer: (result: A) => Success["Encoded"]
  ) => Effect.Effect<A, E, R>
}>()("strata/kernel/system/SystemRequests") {
  static readonly layer = Layer.effect(SystemRequests, Effect.suspend(() => make)).pipe(
    Layer.provide(Layer.suspend(() => requests))
  )
}

/** A fact has the debug and the raw level of an exchange under the type of its default one. */
const ownTypes: ReadonlySet<string> = new Set(
  [ApiEvents.Request, ApiEvents.Response, ApiEvents.Error].map(({ base }) => base.type)
)

const typesOf = (appendable: Appendable): ReadonlyArray<string> =>
  isFact(appendable) ? appendable.parts.map(({ type }) => type) : [appendable.type]

/** What the request itself says is kept until there is something to say it of: a change, or a call to a provider. */
const release = (system: SystemRequest, events: ReadonlyArray<Appendable>): ReadonlyArray<Appendable> => {
  const all = [...system.held, ...events]
  system.recorded ||= events.some((each) => typesOf(each).some((type) => !ownTypes.has(type)))
  system.held = system.recorded ? [] : all
  return system.recorded ? all : []
}

const holding = (hub: EventHub["Service"]) => {
  const released = <A, E>(
    events: ReadonlyArray<Appendable>,
    send: (events: ReadonlyArray<Appendable>) => Effect.Effect<A, E>,
    unsent: A
  ) =>
    Effect.flatMap(CurrentSystemRequest, (system) => {
      const ready = system === undefined ? events : release(system, events)
      return ready.length === 0 ? Effect.succeed(unsent) : send(ready)
    })
  return EventHub.of({
    ...hub,
    publish: (stream, events) => released(events, (ready) => hub.publish(stream, ready), undefined),
    append: (stream, version, events) =>
      released(events, (ready) => hub.append(stream, version, ready), { position: 0, version: 0 })
  })
}

const noSession = Effect.die(new Error("a request of system has no session"))

/** Its own: their hub holds back, and no session is opened. */
const requests = Layer.fresh(Requests.layer).pipe(
  Layer.provide([
    Layer.effect(EventHub, Effect.map(EventHub, holding)),
    Layer.succeed(RequestSessions, { open: noSession, join: () => noSession })
  ])
)

const failureOf: FailureOf = (error) => ({
  status: 500,
  body: envelope(FailureText.of(error), { type: "server_error", code: "internal_error" })
})

/** Of whoever it is run for, nothing is its own. */
const alone = <A, E, R>(effect: Effect.Effect<A, E, R>, system: SystemRequest): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.provideService(CurrentSystemRequest, system),
    Effect.provideService(CurrentPrincipal, systemPrincipal),
    Effect.provideService(CurrentTenant, defaultTenant),
    Effect.provideService(CurrentRecording, undefined),
    Effect.provideService(CurrentCall, undefined),
    Effect.provideService(CurrentProviderData, none)
  )

const make = Effect.map(Requests, (requests) =>
  SystemRequests.of({
    run: <Payload extends Schema.Top, Success extends Schema.Top, A, E, R>(
      operation: SystemOperation<Payload, Success>,
      payload: Payload["Encoded"],
      effect: Effect.Effect<A, E, R>,
      toAnswer: (result: A) => Success["Encoded"]
    ) =>
      Effect.suspend(() => {
        const system: SystemRequest = { recorded: false, held: [] }
        let result: Exit.Exit<A, E> | undefined
        const answered = effect.pipe(
          Effect.onExit((exit) =>
            Effect.sync(() => {
              result = exit
              if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) system.recorded = true
            })
          ),
          Effect.map((value) => Bytes.json(200, JSON.stringify(toAnswer(value))))
        )
        const sent = requests.run(RequestInput.make(operation, { payload }), answered, failureOf)
        return Effect.flatMap(Effect.exit(alone(sent, system)), (exit): Effect.Effect<A, E> => {
          // It did not come to the effect.
          if (result === undefined) return exit as Exit.Exit<never>
          if (Exit.isSuccess(exit) || Exit.isFailure(result)) return result
          return Effect.as(Effect.logWarning(`${operation.id} is not in the log`, exit.cause), result.value)
        })
      })
  }))
