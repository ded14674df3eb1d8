/** How provider instances are looked after: how long they may take to start, to answer and to end, how often they are asked. */
import { Context, Duration, Schedule } from "effect"

export interface SupervisionOptions {
  /** How long an instance may take to start, what it needs not counted. */
  readonly startTimeout: Duration.Duration
  /** How long an instance may take to end, before it is left behind. */
  readonly releaseTimeout: Duration.Duration
  /** How long an instance may take to say how it fares. */
  readonly healthTimeout: Duration.Duration
  /** Time between two probes of an instance that works. */
  readonly healthInterval: Duration.Duration
  /** False for a replay: nobody probes, and what can't start stops the rest. */
  readonly watched: boolean
}

export const defaults: SupervisionOptions = {
  watched: true,
  startTimeout: Duration.seconds(30),
  releaseTimeout: Duration.seconds(5),
  healthTimeout: Duration.seconds(5),
  healthInterval: Duration.seconds(60)
}

export const Supervision = Context.Reference<SupervisionOptions>("strata/kernel/stack/Supervision", {
  defaultValue: () => defaults
})

/** How long what is interrupted may take to end, before it is left behind. */
export const interruptTimeout = Duration.seconds(5)

/** The longest wait before what has failed is tried again. */
const longestWait = Duration.seconds(60)

/** Tries again for ever: after a second, two, four …, at last once a minute. */
export const retrySchedule = Schedule.min([Schedule.exponential("1 second"), Schedule.spaced(longestWait)])
