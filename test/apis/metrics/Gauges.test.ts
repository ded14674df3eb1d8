/** Gauges of one registry do not show in another's. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Metric } from "effect"
import { PrometheusMetrics } from "effect/observability"
import * as Gauges from "../../../src/apis/metrics/Gauges.ts"

describe("Gauges", () => {
  it("are set, and counters added to, in a registry of their own, by label", () => {
    const registry = Context.make(Metric.MetricRegistry, new Map())
    const other = Context.make(Metric.MetricRegistry, new Map())
    const set = Gauges.into(registry)
    for (const value of [2, 5]) {
      set(Gauges.work, value, { status: "queued" })
      set(Gauges.cpu, value)
    }
    const lines = PrometheusMetrics.formatUnsafe(registry).split("\n")
    assert.includeMembers(lines, ["strata_work_items{status=\"queued\"} 5", "process_cpu_seconds_total 7"])
    assert.strictEqual(PrometheusMetrics.formatUnsafe(other), "")
  })
})
