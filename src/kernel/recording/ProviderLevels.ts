/** How much is recorded of the calls of provider instances whose flags say so; the others follow `recording.level`. */
import { Context, Layer } from "effect"
import type { Level } from "../../events/Event.ts"
import type { PlannedProvider } from "../StackPlan.ts"

/** By provider id. */
export const ProviderLevels = Context.Reference<ReadonlyMap<string, Level>>(
  "strata/kernel/recording/ProviderLevels",
  { defaultValue: () => new Map() }
)

export const of = (planned: ReadonlyArray<PlannedProvider>): ReadonlyMap<string, Level> =>
  new Map(planned.flatMap(({ level, provider_id }) => level === undefined ? [] : [[provider_id, level] as const]))

export const layer = (planned: ReadonlyArray<PlannedProvider>) => Layer.succeed(ProviderLevels, of(planned))
