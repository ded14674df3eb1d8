/** The section `supervision`: how long providers may take to start and to answer, and how often they are looked at. */
import { Duration, Schema } from "effect"
import type { SupervisionOptions } from "../Supervision.ts"
import { maximumTimerMs, whole } from "./ConfigurationFields.ts"

export const SupervisionSection = Schema.Struct({
  start_timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a provider may take to start, in milliseconds; one that takes longer is tried again later",
    default: 30_000
  }),
  health_timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a provider may take to list its models or to say how it fares, in milliseconds",
    default: 5000
  }),
  health_interval_ms: whole(1, maximumTimerMs, {
    description: "Time between two looks at a provider that works, in milliseconds: its models are listed anew. One " +
      "that does not work is looked at sooner: after a second, two, four …",
    default: 60_000
  })
}).annotate({
  expected: "a mapping",
  description: "How providers are looked after",
  default: { start_timeout_ms: 30_000, health_timeout_ms: 5000, health_interval_ms: 60_000 }
})

export const toOptions = (section: typeof SupervisionSection.Type): SupervisionOptions => ({
  startTimeout: Duration.millis(section.start_timeout_ms),
  healthTimeout: Duration.millis(section.health_timeout_ms),
  healthInterval: Duration.millis(section.health_interval_ms),
  watched: true
})
