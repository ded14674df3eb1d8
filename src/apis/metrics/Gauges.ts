/** What is as it is at the moment of asking. */
import { Metric } from "effect"
import type { Context } from "effect"

/** Sets gauges of a registry, and adds to its counters. */
export const into =
  (registry: Context.Context<never>) =>
  <State>(metric: Metric.Metric<number, State>, value: number, labels: Record<string, string> = {}): void =>
    Metric.withAttributes(metric, labels).updateUnsafe(value, registry)

const gauge = (name: string, description: string) => Metric.gauge(name, { description })

export const build = gauge("strata_build_info", "Always 1; the label is the version of this server.")

export const logPosition = gauge("strata_log_position", "Position of the last committed event of the log.")

export const unreadEvents = gauge(
  "strata_metrics_unread_events",
  "Events that these metrics have not counted yet: above 0 where more came than one answer reads."
)

export const work = gauge(
  "strata_work_items",
  "Work in the background that is open, by status; at most 1000 are counted."
)

export const oldestQueued = gauge(
  "strata_work_oldest_queued_seconds",
  "Age of the oldest work in the background that nobody has begun; 0: there is none."
)

export const memory = gauge("process_resident_memory_bytes", "Memory of this process.")

export const cpu = Metric.counter("process_cpu_seconds_total", { description: "CPU time of this process." })

export const startTime = gauge("process_start_time_seconds", "When this process began, seconds since 1970.")
