/** All recorded chat traffic once more: OpenAI's client, through Strata, to upstreams that answer as recorded. */
import { Context, Effect, Layer } from "effect"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Recordings } from "./Recordings.ts"
import type { Exchange, RecordedAnswer } from "./Recordings.ts"
import { Sdk } from "./Sdk.ts"
import { Strata } from "./Strata.ts"

export const vendors = ["openai", "ollama", "azure", "vllm", "bedrock", "watsonx"] as const
export type Vendor = (typeof vendors)[number]

export interface Sent {
  readonly vendor: Vendor
  /** The Strata session it was sent in: one for each recorded session. */
  readonly session: string
  readonly requestId: string
  readonly exchange: Exchange
  /** What the client got. */
  readonly answer: RecordedAnswer
}

const clientKey = "sk-client-0123456789"
const upstreamKey = (vendor: Vendor) => `sk-upstream-${vendor}-0123456789`
/** What must never be written down. */
export const keys = [clientKey, ...vendors.map(upstreamKey)]

const load = (vendor: Vendor) => Recordings.loadSessions({ vendors: [vendor], endpoint: "/v1/chat/completions" })

const startUpstream = (vendor: Vendor) => {
  const exchanges = load(vendor).flatMap(({ exchanges }) => exchanges)
  const models = [...new Set(exchanges.map(({ request }) => String(request["model"])))]
  return FakeUpstream.make({ exchanges, models, apiKey: upstreamKey(vendor) })
}

const send = (strata: Strata, vendor: Vendor, exchange: Exchange, session: string): Effect.Effect<Sent> => {
  const client = Sdk.make(strata.url, { apiKey: clientKey })
  const request = { ...exchange.request, model: `${vendor}/${String(exchange.request["model"])}` }
  return Effect.map(Sdk.ask(client, request, { "x-strata-session-id": session }), ({ answer, headers }) => ({
    vendor,
    session,
    requestId: headers.get("x-request-id") ?? "",
    exchange,
    answer
  }))
}

/** The exchanges of a vendor in the order of its file: so each body meets its answers in their order. */
const sendAll = (strata: Strata, vendor: Vendor): Effect.Effect<ReadonlyArray<Sent>> => {
  const sessions = new Map(
    load(vendor).flatMap(({ exchanges }, index) => exchanges.map((exchange) => [exchange, `${vendor}-${index}`]))
  )
  const inOrder = Recordings.load({ vendors: [vendor], endpoint: "/v1/chat/completions" })
  return Effect.forEach(inOrder, (exchange) => send(strata, vendor, exchange, sessions.get(exchange) ?? ""))
}

const make = Effect.gen(function*() {
  const upstreams = yield* Effect.forEach(vendors, startUpstream)
  const providers = vendors.map((vendor, index) =>
    Strata.openAi(upstreams[index]!, { api_key: upstreamKey(vendor) }, vendor)
  )
  const strata = yield* Strata.make({ providers })
  const sent = yield* Effect.forEach(vendors, (vendor) => sendAll(strata, vendor), { concurrency: "unbounded" })
  return {
    strata,
    sent: sent.flat(),
    /** The upstreams are switched off, the server is stopped. */
    close: Effect.andThen(strata.close, Effect.forEach(upstreams, ({ close }) => close, { discard: true }))
  }
})

export class RecordedTraffic extends Context.Service<RecordedTraffic, Effect.Success<typeof make>>()(
  "strata/test/support/RecordedTraffic"
) {
  static readonly layer: Layer.Layer<RecordedTraffic> = Layer.effect(RecordedTraffic, make)
}
