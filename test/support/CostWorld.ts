/** A table of prices that a test changes, and answers of a provider to price. */
import type { EventDraft } from "../../src/events/types/Envelope.ts"
import * as LlmEvents from "../../src/kernel/calls/LlmEvents.ts"
import type { PriceTable } from "../../src/kernel/cost/PriceTable.ts"
import * as Money from "../../src/kernel/money/Money.ts"
import * as ProviderEvents from "../../src/kernel/provider/ProviderEvents.ts"
import { draft } from "./EventDrafts.ts"

/** Output is free: a token of input of a model costs so many dollars for a million. */
export interface Prices {
  readonly version: string
  readonly models: Readonly<Record<string, string>>
}

/** The vendor behind `remote::priced`, and behind nothing else. */
export const tableOf = ({ models, version }: Prices): PriceTable => ({
  version,
  vendorOf: (type) => type === "remote::priced" ? "priced" : undefined,
  priceOf: (_, model) => {
    const price = Object.hasOwn(models, model) ? Money.parse(models[model]!) : undefined
    const rate = (base: Money.Money) => ({ base, tiers: [] })
    return price === undefined ? undefined : {
      model: `priced/${model}`,
      rates: { input: rate(price), output: rate(Money.zero) }
    }
  }
})

export interface Answered {
  readonly provider?: string
  readonly model?: string
  readonly response_model?: string | null
  readonly usage?: unknown
}

/** Of so many tokens of input. */
export const usage = (input_tokens: number, more: object = {}) => ({
  input_tokens,
  output_tokens: 0,
  total_tokens: input_tokens,
  ...more
})

export const answered = (
  { model = "m", provider = "p", response_model = null, usage: used = usage(1000) }: Answered = {},
  given: Partial<EventDraft> = {}
): EventDraft =>
  draft({
    type: LlmEvents.Response.base.type,
    provider,
    payload: JSON.stringify({
      provider,
      model,
      operation: "chat",
      status: 200,
      response_id: null,
      response_model,
      finish_reason: "stop",
      usage: used,
      duration_ms: 1,
      time_to_first_chunk_ms: null
    }),
    ...given
  })

export const registered = (provider_type: string, config: object = {}, provider_id = "p", api = "inference") =>
  draft({
    type: ProviderEvents.Registered.type,
    payload: JSON.stringify({ api, provider_id, provider_type, config })
  })

/** Appended to the stream of providers. */
export const registrations = (...events: ReadonlyArray<EventDraft>) => ({
  stream: ProviderEvents.stream,
  expectedVersion: "any" as const,
  events
})

export const answers = (...events: ReadonlyArray<EventDraft>) => ({
  stream: "session-s",
  expectedVersion: "any" as const,
  events
})
