/** Events become series, whatever stands in them. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Metric } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { EventMetrics } from "../../../src/apis/metrics/EventMetrics.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"

const text = (events: ReadonlyArray<readonly [type: string, payload: unknown]>): string => {
  const registry = Context.make(Metric.MetricRegistry, new Map())
  const metrics = new EventMetrics(registry)
  for (const [type, payload] of events) metrics.add({ type, payload: JSON.stringify(payload) } as RecordedEvent)
  return PrometheusMetrics.formatUnsafe(registry)
}

const called = { operation: "chat", provider: "openai", model: "m", duration_ms: 100 }

describe("EventMetrics", () => {
  it("passes over what has no duration, no operation or no model", () => {
    assert.strictEqual(
      text([["api:response", {}], ["llm:response", null], ["tool:response", { operation: "x" }], ["llm:error", []]]),
      ""
    )
  })

  it("writes what a client named so that it can't end its label", () => {
    const given = text([["llm:response", { ...called, model: "a\"} 1\nb\\" }]])
    assert.include(given, "gen_ai_request_model=\"a\\\"} 1\\nb\\\\\"")
    for (const line of given.trim().split("\n")) assert.match(line, /^(#|gen_ai_)/)
  })

  it("keeps its memory though every call has another model", () => {
    const given = text(
      Array.from({ length: 1500 }, (_, index) => ["llm:response", { ...called, model: `m${index}` }] as const)
    )
    const counts = given.split("\n").filter((line) => line.startsWith("gen_ai_client_operation_duration_seconds_count"))
    assert.strictEqual(counts.length, 1001)
    assert.isTrue(counts.some((line) => line.includes("gen_ai_request_model=\"other\"") && line.endsWith(" 500")))
  })

  it("keeps its memory though every failure has another type", () => {
    const given = text(
      Array.from({ length: 1500 }, (_, index) => ["llm:error", { ...called, error: { type: `e${index}` } }] as const)
    )
    const counts = given.split("\n").filter((line) => line.startsWith("gen_ai_client_operation_duration_seconds_count"))
    assert.strictEqual(counts.length, 1001)
    assert.isTrue(counts.some((line) => line.includes("error_type=\"other\"") && line.endsWith(" 500")))
  })

  it("counts the time to the first chunk only of streams", () => {
    const given = text([
      ["llm:response", { ...called, time_to_first_chunk_ms: null }],
      ["llm:response", { ...called, time_to_first_chunk_ms: 30 }]
    ])
    assert.match(given, /time_to_first_chunk_seconds_count\{[^}]*\} 1\n/)
    assert.match(given, /operation_duration_seconds_count\{[^}]*\} 2\n/)
  })
})
