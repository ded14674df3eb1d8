/** Asks for a model that stands for several: one of them, and when it fails the next. Every choice stands in the log. */
import { Clock, Effect, Random } from "effect"
import { CurrentCause } from "../../kernel/calls/Call.ts"
import * as CompletionEvents from "../../kernel/calls/CompletionEvents.ts"
import type { Decided } from "../../kernel/calls/Decision.ts"
import * as Decision from "../../kernel/calls/Decision.ts"
import type { ConditionScope, Variable } from "../../kernel/conditions/ConditionScope.ts"
import type { Degradation } from "../../kernel/messages/ChatResponse.ts"
import type { Raise } from "../../kernel/reliability/CallFailure.ts"
import type { Latencies } from "../../kernel/reliability/Latencies.ts"
import { Fallback, RouteSelected } from "../../kernel/reliability/RoutingEvents.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { ModelRouting } from "../../kernel/resources/ModelRouting.ts"
import type { Route } from "../../kernel/resources/ResourceLookup.ts"
import type { InferenceError, InferenceProvider } from "./Inference.ts"
import { RequestRefused } from "./Inference.ts"
import * as TargetConditions from "./TargetConditions.ts"
import * as TargetFailure from "./TargetFailure.ts"
import * as TargetOrder from "./TargetOrder.ts"

type ModelRoute = Route<InferenceProvider["Service"]>
type Step = Decided<(typeof Fallback)["payload"]["Encoded"]>

export interface Options<A> {
  /** As the client calls it. */
  readonly model: string
  readonly routing: ModelRouting
  /** Finds who serves a target, for the principal of the moment. */
  readonly route: (model: string) => Effect.Effect<ModelRoute, InferenceError>
  readonly ask: (route: ModelRoute) => Effect.Effect<A, InferenceError>
  /** What conditions ask about. */
  readonly scope: (variables: ReadonlySet<Variable>) => Effect.Effect<Partial<ConditionScope>>
  readonly latencies: Latencies
  /** Of the client's dialect. */
  readonly raise: Raise
  /** Says with the answer that it is another's than was asked for first. */
  readonly degraded: (answer: A, degradations: ReadonlyArray<Degradation>) => A
}

type Asked = Pick<Options<never>, "model" | "routing" | "scope">

const stickyTo = ({ model, routing }: Asked, recording: Recording | undefined): string | undefined => {
  const { principal, sessionId } = recording?.options ?? {}
  const name = routing.sticky === "session" ? sessionId : routing.sticky === "principal" ? principal?.id : undefined
  return name == null ? undefined : `${model} ${name}`
}

const select = (options: Asked, recording: Recording | undefined) =>
  Decision.make(
    recording === undefined ? undefined : Decision.ofRequest(recording),
    RouteSelected,
    Effect.gen(function*() {
      const { outcomes, targets } = yield* TargetConditions.held(options.routing, options.scope)
      const random = yield* Random.next
      return {
        model: options.model,
        ...TargetOrder.of({ targets }, { random, stickyTo: stickyTo(options, recording) }),
        ...outcomes.length === 0 ? {} : { conditions: outcomes }
      }
    })
  )

/** Runs with the event that led to it as the cause of its calls. */
const causedBy = (event: string | undefined) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  event === undefined ? effect : Effect.provideService(effect, CurrentCause, event)

const refusedBy = (model: string): RequestRefused =>
  new RequestRefused({
    detail: `No target of the model ${model} takes this request: none of their conditions holds. Ask for another ` +
      "model, or give it a target without one.",
    param: "model",
    code: "no_target"
  })

/** Says how long it took until an answer began. */
const timed = <A, E>(latencies: Latencies, target: string, asked: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.flatMap(
    Clock.currentTimeMillis,
    (began) =>
      Effect.tap(asked, () => Effect.map(Clock.currentTimeMillis, (now) => latencies.report(target, now - began, now)))
  )

const degradationOf = (payload: Step["payload"]): Degradation => ({
  requested: payload.from,
  actual: payload.to,
  reason: `${payload.error.type}: ${payload.error.message}`
})

/** Says in the log what the answer lacks of what was asked for. */
const record = (
  recording: Recording | undefined,
  { identifier, provider_id }: ModelRoute,
  steps: ReadonlyArray<Step>
) =>
  Effect.sync(() => {
    recording?.emit(CompletionEvents.RequestDegraded, {
      provider: provider_id,
      model: identifier,
      degradations: steps.map(({ payload }) => degradationOf(payload))
    }, { causationId: steps.at(-1)?.event })
  })

export const run = <A>(options: Options<A>): Effect.Effect<A, InferenceError> =>
  Effect.gen(function*() {
    const { ask, degraded, latencies, model, raise, route, routing } = options
    const recording = yield* CurrentRecording
    const place = recording === undefined ? undefined : Decision.ofRequest(recording)
    const selected = yield* select(options, recording)
    const targets = selected?.payload.targets ?? routing.targets.map((target) => target.model)
    if (targets.length === 0) return yield* refusedBy(model)

    const next = (error: InferenceError, index: number, asked: boolean) => {
      const [from, to] = [targets[index]!, targets[index + 1]]
      return Decision.make(
        place,
        Fallback,
        Effect.sync(() => {
          const failure = to === undefined ? undefined : TargetFailure.of(error, raise)
          return failure === undefined || to === undefined ? undefined : { model, from, to, asked, error: failure }
        }),
        (payload) => payload.asked === asked
      )
    }

    const attempt = (index: number, steps: ReadonlyArray<Step>): Effect.Effect<A, InferenceError> =>
      Effect.gen(function*() {
        const goOn = (error: InferenceError, asked: boolean): Effect.Effect<A, InferenceError> =>
          Effect.flatMap(next(error, index, asked), (step) =>
            step === undefined ? Effect.fail(error) : attempt(index + 1, [...steps, step]))
        // In a verification every provider runs: the log says whether it did then.
        const skipped = yield* Decision.repeatIf(place, Fallback, ({ asked }) =>
          !asked)
        if (skipped !== undefined) return yield* attempt(index + 1, [...steps, skipped])
        return yield* Effect.matchEffect(route(targets[index]!), {
          onFailure: (error) => goOn(error, false),
          onSuccess: (to) =>
            Effect.matchEffect(timed(latencies, targets[index]!, ask(to)), {
              onFailure: (error) => goOn(error, true),
              onSuccess: (answer) =>
                steps.length === 0
                  ? Effect.succeed(answer)
                  : Effect.as(
                    record(recording, to, steps),
                    degraded(answer, steps.map(({ payload }) => degradationOf(payload)))
                  )
            })
        })
      }).pipe(causedBy(steps.at(-1)?.event ?? selected?.event))

    return yield* attempt(0, [])
  })
