/** How one instance starts. Every instance's start, and its failure to start, passes through here. */
import { Clock, Context, Effect, Layer, Option } from "effect"
import * as Compliance from "./Compliance.ts"
import { ProviderNotCompliant } from "./Compliance.ts"
import type { PlannedProvider } from "./PlannedProvider.ts"
import type { InstanceInfo } from "./Provider.ts"
import type { StartTime } from "./StartTimes.ts"

type UntypedLayer = Layer.Layer<unknown, unknown, unknown>

const fulfil = Effect.fnUntraced(function*(planned: PlannedProvider, service: Option.Option<unknown>) {
  const { api, definition, provider_id, provider_type } = planned
  const [first, ...rest] = Compliance.check(definition.api, Option.getOrUndefined(service))
  if (first === undefined) return
  return yield* new ProviderNotCompliant({ api, provider_id, provider_type, violations: [first, ...rest] })
})

/** An external definition's layer may be anything; what compiled is one. */
const layerOf = (made: unknown): UntypedLayer => (Layer.isLayer(made) ? made : Layer.empty) as UntypedLayer

/**
 * Makes the slot of an instance, and says when and how long. Fresh: two instances of one type are two, also where the
 * type always gives the same Layer. What an upstream needs and how it fails stands in the stack's type: its type is in
 * the registry too.
 */
export const layer = (
  planned: PlannedProvider,
  record: (planned: PlannedProvider, start: StartTime) => void
): UntypedLayer => {
  const { config, definition, provider_id, provider_type } = planned
  const { slot } = definition.api
  const upstream = planned.upstream === undefined
    ? undefined
    : layer(planned.upstream, record) as InstanceInfo<unknown>["upstream"]

  return Layer.fromBuildMemo((_, scope) =>
    Effect.gen(function*() {
      const clock = yield* Clock.Clock
      const time = clock.currentTimeMillisUnsafe()
      const before = clock.currentTimeNanosUnsafe()
      const made = layerOf(definition.layer(config as never, { provider_id, provider_type, upstream }))
      const context = yield* Layer.buildWithMemoMap(made, Layer.makeMemoMapUnsafe(), scope)
      const service = Context.getOption(context, slot)
      if (definition.external) yield* fulfil(planned, service)
      record(planned, { time, duration: Number(clock.currentTimeNanosUnsafe() - before) / 1e6 })
      return Context.make(slot, Option.getOrThrow(service))
    })
  )
}
