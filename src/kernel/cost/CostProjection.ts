/** What each call used and cost, as a table. */
import * as Projection from "../../events/projections/Projection.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf, toIsoTime } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import { CostRow, currency } from "./CostRow.ts"
import * as Pricing from "./Pricing.ts"
import type { ProviderIdentity } from "./Pricing.ts"
import * as TokenCounts from "./TokenCounts.ts"

export const name = "costs"

/** What an instance is, as a configuration or `provider:registered` has it. */
export const identityOf = (entry: unknown): ProviderIdentity | undefined => {
  const [type, config] = [textOrNull(field(entry, "provider_type")), field(entry, "config")]
  const baseUrl = textOrNull(field(config, "base_url"))
  return type === null ? undefined : { type, ...(baseUrl === null ? {} : { baseUrl }) }
}

const rowOf = (event: RecordedEvent, pricing: Pricing.Pricing, identities: ReadonlyMap<string, ProviderIdentity>): CostRow => {
  const payload = payloadOf(event)
  const provider = textOrNull(field(payload, "provider")) ?? event.provider ?? ""
  const model = textOrNull(field(payload, "model")) ?? ""
  const responseModel = textOrNull(field(payload, "response_model"))
  const usage = field(payload, "usage")
  const counts = TokenCounts.ofUsage(usage)
  const { time } = event
  return {
    time,
    day: toIsoTime(time).slice(0, 10),
    session_id: event.sessionId,
    request_id: event.requestId,
    principal: event.principal,
    provider,
    operation: textOrNull(field(payload, "operation")),
    model,
    response_model: responseModel,
    usage: counts,
    currency,
    ...pricing({
      time,
      provider,
      identity: identities.get(provider),
      model,
      responseModel,
      counts,
      vendorCost: textOrNull(field(usage, "cost_usd")) ?? undefined
    })
  }
}

export interface CostProjection extends Projection.Projection<CostRow> {
  readonly api: string
  /** The same table, of which this part of a program makes the rows: by these prices. */
  readonly priced: (
    pricing: Pricing.Pricing,
    /** The instances there are now, for calls of a server that registered them before it was stopped. */
    configured?: Iterable<readonly [id: string, identity: ProviderIdentity]>
  ) => CostProjection
}

export interface Options {
  /** The API whose instances are asked: their ids are unique within it. */
  readonly api: string
  /** Events that say a call was answered, by whom, and with what usage. */
  readonly answers: ReadonlyArray<Definition>
}

/**
 * A row is priced once, when its event is folded: a price that changes later changes nothing of it until the table is
 * made anew.
 */
export const make = (
  options: Options,
  pricing: Pricing.Pricing = Pricing.none,
  configured: Iterable<readonly [id: string, identity: ProviderIdentity]> = []
): CostProjection => {
  // Events are folded in order: at each call it holds what the log has said of instances until then.
  const identities = new Map(configured)
  const register = (event: RecordedEvent): void => {
    const payload = payloadOf(event)
    const [id, identity] = [textOrNull(field(payload, "provider_id")), identityOf(payload)]
    if (field(payload, "api") === options.api && id !== null && identity !== undefined) identities.set(id, identity)
  }
  const projection = Projection.make<CostRow>({
    name,
    version: 1,
    description: "Each call to a model: what it used, and what it cost.",
    events: [...options.answers, ProviderEvents.Registered],
    streams: () => true,
    document: CostRow,
    key: (event) => {
      if (event.type !== ProviderEvents.Registered.type) return event.id
      if (event.stream === ProviderEvents.stream) register(event)
      return undefined
    },
    evolve: (row, event) => row ?? rowOf(event, pricing, identities),
    index: { day: ({ day }) => day, session: ({ session_id }) => session_id }
  })
  return {
    ...projection,
    api: options.api,
    priced: (pricing, configured) => make(options, pricing, configured)
  }
}
