/** What each call used and cost, as a table. */
import * as Projection from "../../events/projections/Projection.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf, toIsoTime } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import { CostRow, currency } from "./CostRow.ts"
import * as Pricing from "./Pricing.ts"
import type { ProviderIdentity } from "./Pricing.ts"
import { ProviderIdentities } from "./ProviderIdentities.ts"
import * as TokenCounts from "./TokenCounts.ts"

export const name = "costs"

/** What most rows say: a completion that nobody known asked for, in the first call of a request, of the model that was asked. */
const implied = (key: string, { model, time }: CostRow): Partial<CostRow> => ({
  day: dayOf(time),
  request_id: EventIds.requestOfCall(key, "1"),
  principal: null,
  operation: "chat",
  response_model: model,
  currency,
  cost: null,
  source: null,
  price_model: null,
  unknown: null
})

const dayLength = 24 * 60 * 60 * 1000

/** Most rows are of the day of the last: it is written once. */
let lastDay = { number: 0, text: "1970-01-01" }

const dayOf = (time: number): string => {
  const number = Math.floor(time / dayLength)
  if (number !== lastDay.number) lastDay = { number, text: toIsoTime(time).slice(0, 10) }
  return lastDay.text
}

const rowOf = (event: RecordedEvent, pricing: Pricing.Pricing, identities: ProviderIdentities): CostRow => {
  const payload = payloadOf(event)
  const provider = textOrNull(field(payload, "provider")) ?? event.provider ?? ""
  const model = textOrNull(field(payload, "model")) ?? ""
  const responseModel = textOrNull(field(payload, "response_model"))
  const usage = field(payload, "usage")
  const counts = TokenCounts.ofUsage(usage)
  const { time } = event
  return {
    time,
    day: dayOf(time),
    session_id: event.sessionId,
    request_id: event.requestId,
    principal: event.principal,
    provider,
    operation: textOrNull(field(payload, "operation")),
    model,
    response_model: responseModel,
    usage: counts === null ? null : TokenCounts.toStored(counts),
    currency,
    ...pricing({
      time,
      provider,
      identity: identities.at(provider, event.position),
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
 * Of one log: with prices, it remembers what the log said of instances. A row is priced once, when its event is folded: a
 * price that changes later changes nothing of it until the table is made anew.
 */
export const make = (
  options: Options,
  pricing?: Pricing.Pricing,
  configured: Iterable<readonly [id: string, identity: ProviderIdentity]> = []
): CostProjection => {
  const identities = new ProviderIdentities(options.api, configured)
  const projection = Projection.make<CostRow>({
    name,
    version: 2,
    description: "Each call to a model: what it used, and what it cost.",
    events: [...options.answers, ProviderEvents.Registered],
    streams: () => true,
    document: CostRow,
    key: (event) => {
      if (event.type !== ProviderEvents.Registered.type) return event.id
      // It has no row: calls behind it are its instance's. Without prices nobody asks, and nothing is kept between logs.
      if (pricing !== undefined) identities.register(event)
      return undefined
    },
    once: true,
    evolve: (row, event) => row ?? rowOf(event, pricing ?? Pricing.none, identities),
    implied,
    index: { day: ({ day }) => day, session: ({ session_id }) => session_id }
  })
  return {
    ...projection,
    api: options.api,
    priced: (pricing, configured) => make(options, pricing, configured)
  }
}
