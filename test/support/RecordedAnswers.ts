/** Recorded answers of vendors as the events say them: which model answered, and what it counted. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { parse } from "../../src/events/types/JsonAccess.ts"
import { field } from "../../src/events/types/JsonAccess.ts"
import type { Frame } from "../../src/events/types/Traffic.ts"
import type { ProviderIdentity } from "../../src/kernel/cost/Pricing.ts"
import * as AnthropicSummary from "../../src/kernel/dialects/anthropic/AnthropicSummary.ts"
import * as ChatSummary from "../../src/kernel/dialects/chat/ChatSummary.ts"
import * as GeminiSummary from "../../src/kernel/dialects/gemini/Summary.ts"
import type { Exchange, Vendor } from "./Recordings.ts"
import { Recordings } from "./Recordings.ts"

/** Which provider of Strata asks the vendor, or would. */
export const identities: Readonly<Record<Exclude<Vendor, "tool">, ProviderIdentity>> = {
  openai: { type: "remote::openai" },
  azure: { type: "remote::azure", baseUrl: "https://house.openai.azure.com" },
  bedrock: { type: "remote::bedrock" },
  gemini: { type: "remote::gemini" },
  vertex: { type: "remote::vertexai" },
  ollama: { type: "remote::ollama" },
  vllm: { type: "remote::vllm", baseUrl: "http://localhost:8000/v1" },
  watsonx: { type: "remote::watsonx" }
}

export interface RecordedAnswer {
  readonly vendor: keyof typeof identities
  readonly session: string | null
  /** The model that was asked for. */
  readonly model: string
  readonly response_model: string | null
  readonly usage: unknown
  /** What came over the wire, parsed: one body, or the values of a stream. */
  readonly values: ReadonlyArray<Schema.Json>
}

const camelCase = (value: Schema.Json): Schema.Json =>
  Array.isArray(value) ? value.map(camelCase) : Predicate.isObject(value)
    ? Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        camelCase(each as Schema.Json)
      ])
    )
    : value

/** Of `/v1/messages` the lines of the stream, else the objects. */
const valuesOf = ({ answer }: Exchange): ReadonlyArray<Schema.Json> => {
  if (answer._tag !== "Stream") return [answer.body]
  return answer.chunks.flatMap((chunk) => {
    const value = Predicate.isString(chunk) ? parse(chunk.replace(/^data:\s*/, "")) : chunk
    return value === undefined ? [] : [value]
  })
}

const framesOf = (values: ReadonlyArray<Schema.Json>): ReadonlyArray<Frame> =>
  values.map((value, index): Frame => {
    const type = field(value, "type")
    return [index, `${Predicate.isString(type) ? `event: ${type}\n` : ""}data: ${JSON.stringify(value)}\n\n`]
  })

/** Interactions, which no dialect of Strata has yet. */
const ofInteraction = (values: ReadonlyArray<Schema.Json>) => {
  for (const value of values.toReversed()) {
    const body = field(value, "interaction") ?? value
    const usage = field(body, "usage")
    if (!Predicate.isObject(usage)) continue
    return {
      response_model: field(body, "model") as string | null,
      usage: {
        input_tokens: field(usage, "total_input_tokens"),
        output_tokens: Number(field(usage, "total_output_tokens")) + Number(field(usage, "total_thought_tokens")),
        cache_read_tokens: field(usage, "total_cached_tokens"),
        reasoning_tokens: field(usage, "total_thought_tokens")
      }
    }
  }
  return { response_model: null, usage: null }
}

const summaryOf = ({ endpoint, streaming }: Exchange, values: ReadonlyArray<Schema.Json>) => {
  const converted = endpoint.startsWith("/generate_content") ? values.map(camelCase) : values
  const answer = streaming
    ? { status: 200, json: undefined, frames: framesOf(converted) }
    : { status: 200, json: converted[0], frames: undefined }
  if (endpoint === "/v1/messages") return AnthropicSummary.ofAnswer(answer)
  if (endpoint === "/v1beta/interactions") return ofInteraction(values)
  return endpoint.startsWith("/generate_content") ? GeminiSummary.ofAnswer(answer) : ChatSummary.ofAnswer(answer)
}

/** Every answer of a model, in order of vendors and lines. */
export const load = (vendors?: ReadonlyArray<Vendor>): ReadonlyArray<RecordedAnswer> =>
  Recordings.load(vendors === undefined ? {} : { vendors }).flatMap((exchange): ReadonlyArray<RecordedAnswer> => {
    const { answer, endpoint, request, session, vendor } = exchange
    if (vendor === "tool" || endpoint === "/v1/models" || answer._tag === "Error") return []
    const values = valuesOf(exchange)
    const { response_model, usage } = summaryOf(exchange, values)
    return [{ vendor, session, model: String(request["model"]), response_model, usage, values }]
  })
