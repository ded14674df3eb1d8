/**
 * What is counted of the log's events. Names, units and boundaries of buckets are those of OpenTelemetry's semantic
 * conventions for HTTP servers and GenAI clients, as Prometheus writes them.
 */
import { Metric, Option, Schema } from "effect"
import type { Context } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"

const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const callSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
const tokens = Array.from({ length: 14 }, (_, power) => 4 ** power)

const requestDuration = Metric.histogram("http_server_request_duration_seconds", {
  description: "Time from the arrival of a request to the last byte of its answer, by operation and status.",
  boundaries: requestSeconds
})

const callDuration = Metric.histogram("gen_ai_client_operation_duration_seconds", {
  description: "Time from the sending of a call to a provider to the last byte of its answer.",
  boundaries: callSeconds
})

const firstChunk = Metric.histogram("gen_ai_client_operation_time_to_first_chunk_seconds", {
  description: "Time from the sending of a call to the first bytes of its streamed answer.",
  boundaries: callSeconds
})

const tokenUsage = Metric.histogram("gen_ai_client_token_usage", {
  description: "Tokens of a call, as its vendor counted them; input is all of it, what came from a cache too.",
  boundaries: tokens
})

const Answered = Schema.Struct({
  operation: Schema.String,
  status: Schema.Int,
  duration_ms: Schema.Finite
})

const Called = Schema.Struct({
  operation: Schema.String,
  provider: Schema.String,
  model: Schema.NullOr(Schema.String),
  duration_ms: Schema.Finite,
  time_to_first_chunk_ms: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  error: Schema.optionalKey(Schema.Struct({ type: Schema.String })),
  usage: Schema.optionalKey(
    Schema.NullOr(
      Schema.Struct({
        input_tokens: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
        output_tokens: Schema.optionalKey(Schema.NullOr(Schema.Finite))
      })
    )
  )
})

const decodeAnswered = Schema.decodeUnknownOption(Answered)
const decodeCalled = Schema.decodeUnknownOption(Called)

/** What clients and vendors name must not fill the memory with series: values of a label that come later share one. */
const maxValues = 1000

class Values {
  readonly #values = new Set<string>()

  bound(value: string): string {
    if (this.#values.size < maxValues) this.#values.add(value)
    return this.#values.has(value) ? value : "other"
  }
}

const secondsOf = (milliseconds: number | null | undefined) => milliseconds == null ? undefined : milliseconds / 1000

/** Adds events to the series of a registry. */
export class EventMetrics {
  readonly #registry: Context.Context<never>
  readonly #models = new Values()
  readonly #errors = new Values()

  constructor(registry: Context.Context<never>) {
    this.#registry = registry
  }

  #add(metric: Metric.Histogram<number>, value: number | null | undefined, attributes: Record<string, string>): void {
    if (value != null) Metric.withAttributes(metric, attributes).updateUnsafe(value, this.#registry)
  }

  add(event: RecordedEvent): void {
    const payload = payloadOf(event)
    if (event.type.startsWith("api:")) {
      const answer = Option.getOrUndefined(decodeAnswered(payload))
      if (answer === undefined) return
      const { duration_ms, operation, status } = answer
      return this.#add(requestDuration, secondsOf(duration_ms), {
        operation,
        http_response_status_code: String(status)
      })
    }
    const call = Option.getOrUndefined(decodeCalled(payload))
    if (call === undefined) return
    const attributes = {
      gen_ai_operation_name: call.operation,
      gen_ai_provider_name: call.provider,
      gen_ai_request_model: this.#models.bound(call.model ?? "")
    }
    this.#add(callDuration, secondsOf(call.duration_ms), {
      ...attributes,
      ...call.error === undefined ? {} : { error_type: this.#errors.bound(call.error.type) }
    })
    this.#add(firstChunk, secondsOf(call.time_to_first_chunk_ms), attributes)
    this.#add(tokenUsage, call.usage?.input_tokens, { ...attributes, gen_ai_token_type: "input" })
    this.#add(tokenUsage, call.usage?.output_tokens, { ...attributes, gen_ai_token_type: "output" })
  }
}
