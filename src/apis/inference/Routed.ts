/** Asks who serves a model or, where it stands for several, who is chosen among them. */
import { Effect } from "effect"
import type { ConditionScope } from "../../kernel/conditions/ConditionScope.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import type { Degradation } from "../../kernel/messages/ChatResponse.ts"
import type { Raise } from "../../kernel/reliability/CallFailure.ts"
import type { Latencies } from "../../kernel/reliability/Latencies.ts"
import type { ModelRouting } from "../../kernel/resources/ModelRouting.ts"
import type { Route } from "../../kernel/resources/ResourceLookup.ts"
import * as ModelsKind from "../models/ModelsKind.ts"
import type { InferenceError, InferenceProvider } from "./Inference.ts"
import * as RoutingScope from "./RoutingScope.ts"
import * as VirtualModel from "./VirtualModel.ts"

type ModelRoute = Route<InferenceProvider["Service"]>

/** What is asked for, to who chooses. */
export interface Asked {
  /** As the client calls it. */
  readonly model: string
  /** Of the client's dialect. */
  readonly raise: Raise
  readonly request: () => ConditionScope["request"]
}

export const ofCall = (call: WireCall): Asked => ({
  model: call.model,
  raise: call.dialect.errors.raise,
  request: () => RoutingScope.ofCall(call)
})

/** Of what is no conversation: its errors are OpenAI's. `content`: what it is about. */
export const ofValue = (
  given: { readonly model: string; readonly user?: string | null | undefined },
  content: unknown
): Asked => ({
  model: given.model,
  raise: chat.errors.raise,
  request: () => RoutingScope.ofValue(given, content)
})

export interface Options {
  readonly route: (model: string) => Effect.Effect<ModelRoute, InferenceError>
  /** What is registered under a name, whether it runs or not. */
  readonly get: (model: string) => Effect.Effect<{ readonly attributes?: unknown }, InferenceError>
  readonly latencies: Latencies
}

export type Routed = <A>(
  asked: Asked,
  ask: (route: ModelRoute) => Effect.Effect<A, InferenceError>,
  /** Says with the answer that it is another's; absent: the log alone says it. */
  degraded?: (answer: A, degradations: ReadonlyArray<Degradation>) => A
) => Effect.Effect<A, InferenceError>

export const make = ({ get, latencies, route }: Options): Routed => (asked, ask, degraded = (answer) => answer) => {
  const { model, raise, request } = asked
  const chosen = (routing: ModelRouting) => {
    const targets = routing.targets.map((target) => target.model)
    return VirtualModel.run({
      model,
      routing,
      route,
      ask,
      raise,
      degraded,
      latencies,
      scope: (variables) => RoutingScope.of(variables, { targets, request, latencies, route })
    })
  }
  return Effect.matchEffect(route(model), {
    onSuccess: (served) => {
      const routing = ModelsKind.routingOf(served)
      return routing === undefined ? ask(served) : chosen(routing)
    },
    // It may stand for others that run.
    onFailure: (error) =>
      error._tag === "ProviderUnavailable"
        ? Effect.matchEffect(get(model), {
          onFailure: () => Effect.fail(error),
          onSuccess: (registered) => {
            const routing = ModelsKind.routingOf(registered)
            return routing === undefined ? Effect.fail(error) : chosen(routing)
          }
        })
        : Effect.fail(error)
  })
}
