/** How one instance starts. Every instance's start, and its failure to start, passes through here. */
import { Clock, Context, Effect, Layer, Option } from "effect"
import * as Compliance from "../provider/Compliance.ts"
import { ProviderNotCompliant } from "../provider/Compliance.ts"
import * as GuardedService from "../provider/GuardedService.ts"
import * as OwnedService from "../provider/OwnedService.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import type { InstanceInfo } from "../provider/Provider.ts"
import { layerOf } from "../provider/Provider.ts"
import * as ProviderContext from "../provider/ProviderContext.ts"
import type { StartTime } from "../provider/StartTimes.ts"

type UntypedLayer = Layer.Layer<unknown, unknown, unknown>

const refuse = ({ api, provider_id, provider_type }: PlannedProvider, violations: ProviderNotCompliant["violations"]) =>
  new ProviderNotCompliant({ api, provider_id, provider_type, violations })

/** An external definition's layer may give anything; what compiled gives a Layer. */
const checkLayer = (planned: PlannedProvider, made: unknown): Effect.Effect<void, ProviderNotCompliant> => {
  if (Layer.isLayer(made)) return Effect.void
  GuardedService.forget(made)
  return Effect.fail(refuse(planned, [{ member: "layer", expected: "a Layer", actual: Compliance.kindText(made) }]))
}

const fulfilled = Effect.fnUntraced(function*(planned: PlannedProvider, service: Option.Option<unknown>) {
  const { contract, name } = planned.definition.api
  if (Option.isNone(service)) {
    const expected = `a Layer that fills the slot of ${name}`
    return yield* refuse(planned, [{ member: "layer", expected, actual: "one that does not" }])
  }
  const [first, ...rest] = Compliance.check({ contract }, service.value)
  if (first !== undefined) return yield* refuse(planned, [first, ...rest])
  return GuardedService.make(contract, service.value, planned.provider_id)
})

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
      const owner = yield* ProviderContext.ownerOf(provider_id)
      const made = ProviderContext.run(
        owner,
        () => layerOf(definition, config, { provider_id, provider_type, upstream })
      )
      if (definition.external) yield* checkLayer(planned, made)
      const build = Layer.buildWithMemoMap(made, Layer.makeMemoMapUnsafe(), scope)
      const context = yield* owner === undefined ? build : ProviderContext.within(build, owner)
      const filled = Context.getOption(context, slot)
      const service = definition.external ? yield* fulfilled(planned, filled) : Option.getOrThrow(filled)
      record(planned, { time, duration: Number(clock.currentTimeNanosUnsafe() - before) / 1e6 })
      return Context.make(slot, OwnedService.make(definition.api.contract, service, owner))
    })
  )
}
