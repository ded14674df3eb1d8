/** An instance as it is planned: checked, and not yet started. */
import type { Schema } from "effect"
import type { Level } from "../../events/types/Event.ts"
import type { AnyDefinition } from "./Provider.ts"

/** An instance to be made, its configuration decoded. */
export interface PlannedProvider {
  readonly api: string
  readonly provider_id: string
  readonly provider_type: string
  /** Where it stands in the configuration: `providers.inference[0]`. */
  readonly path: string
  /** The server does not start without it. */
  readonly required: boolean
  /** As configured; secrets may stand in it. */
  readonly written: Schema.Json
  readonly config: unknown
  /** How much of its calls is recorded, where its flags say so. */
  readonly level?: Level | undefined
  readonly definition: AnyDefinition
  /** The provider it has of its own, from the key `upstream` of its configuration. */
  readonly upstream?: PlannedProvider | undefined
  /** What stands under that key and is not started: only read, for what must not be shown of it. */
  readonly idle?: PlannedProvider | undefined
}

/** An instance, its upstream, the upstream of that … */
export const chainOf = (planned: PlannedProvider): ReadonlyArray<PlannedProvider> =>
  planned.upstream === undefined ? [planned] : [planned, ...chainOf(planned.upstream)]
