/** The section `supervision`: how long providers may take to start, to answer and to end, and how often they are looked at. */
import { Duration, Schema } from "effect"
import { maximumTimerMs, whole } from "../provider/FieldSchema.ts"
import type { SupervisionOptions } from "./Supervision.ts"
import { defaults } from "./Supervision.ts"

const usual = {
  start_timeout_ms: Duration.toMillis(defaults.startTimeout),
  release_timeout_ms: Duration.toMillis(defaults.releaseTimeout),
  health_timeout_ms: Duration.toMillis(defaults.healthTimeout),
  health_interval_ms: Duration.toMillis(defaults.healthInterval)
}

export const SupervisionSection = Schema.Struct({
  start_timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a provider may take to start, in milliseconds; one that takes longer is tried again later",
    default: usual.start_timeout_ms
  }),
  release_timeout_ms: whole(1, maximumTimerMs, {
    description:
      "How long a provider may take to end when the server stops, in milliseconds; one that takes longer is " +
      "left behind, and the server's output names it",
    default: usual.release_timeout_ms
  }),
  health_timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a provider may take to list its models or to say how it fares, in milliseconds",
    default: usual.health_timeout_ms
  }),
  health_interval_ms: whole(1, maximumTimerMs, {
    description: "Time between two looks at a provider that works, in milliseconds: its models are listed anew. One " +
      "that does not work is looked at sooner: after a second, two, four …",
    default: usual.health_interval_ms
  })
}).annotate({
  expected: "a mapping",
  description: "How providers are looked after",
  default: usual
})

export const toOptions = (section: typeof SupervisionSection.Type): SupervisionOptions => ({
  ...defaults,
  startTimeout: Duration.millis(section.start_timeout_ms),
  releaseTimeout: Duration.millis(section.release_timeout_ms),
  healthTimeout: Duration.millis(section.health_timeout_ms),
  healthInterval: Duration.millis(section.health_interval_ms)
})
