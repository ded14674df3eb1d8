/** How much is recorded of the calls of provider instances whose flags say so; the others follow `recording.level`. */
import { Context, Layer } from "effect"
import type { Level } from "../../events/types/Event.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import { chainOf } from "../provider/PlannedProvider.ts"

/** By provider id. */
export const ProviderLevels = Context.Reference<ReadonlyMap<string, Level>>(
  "strata/kernel/requests/ProviderLevels",
  { defaultValue: () => new Map() }
)

/** The flags of an instance go before those of its upstream. */
const levelOf = (planned: PlannedProvider): Level | undefined =>
  chainOf(planned).find(({ level }) => level !== undefined)?.level

export const of = (planned: ReadonlyArray<PlannedProvider>): ReadonlyMap<string, Level> =>
  new Map(planned.flatMap((each) => {
    const level = levelOf(each)
    return level === undefined ? [] : [[each.provider_id, level] as const]
  }))

export const layer = (planned: ReadonlyArray<PlannedProvider>) => Layer.succeed(ProviderLevels, of(planned))
