/** What a kind's code gets of the work it does: once it runs, it holds the lease. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { Appended, EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { WorkFailed } from "./WorkKind.ts"
import type { LeaseLost } from "./WorkLease.ts"

export interface WorkTask<Input> {
  readonly workId: string
  /** Where its events stand. */
  readonly stream: string
  readonly input: Input
  /** From 1; above 1, what an earlier attempt has left in the log is there to go on from. */
  readonly attempt: number
  readonly epoch: number
  /** Id of the event that says this attempt began: the cause of what it does. */
  readonly causationId: string
  /** Somebody wants it done no more: told to code that ends so itself, and to no other. */
  readonly cancelRequested: boolean
  /** Appends to the work's stream, as long as no other worker has taken it and nobody has ended it. */
  readonly append: (events: ReadonlyArray<EventDraft>) => Effect.Effect<Appended, LeaseLost | EventLogUnavailable>
  /**
   * The same with the end of the work: what has come of it and that it is done stand in the log together. A kind that
   * does not ask for it is done when its code ends.
   */
  readonly finish: (events: ReadonlyArray<EventDraft>) => Effect.Effect<void, LeaseLost | EventLogUnavailable>
  /**
   * It waits for something outside: `events` are appended, its code ends, and is run again at that time, in milliseconds
   * since 1970. Meanwhile no worker has it.
   */
  readonly pause: (
    events: ReadonlyArray<EventDraft>,
    resumeAt: number
  ) => Effect.Effect<void, LeaseLost | EventLogUnavailable>
}

/**
 * Does the work. It is interrupted where somebody cancels it, and where the server stops: then another one goes on. Code
 * that is told of a cancellation and ends with nothing is cancelled then.
 */
export type WorkCode<Input, R = never> = (
  task: WorkTask<Input>
) => Effect.Effect<void, WorkFailed | LeaseLost | EventLogUnavailable, R>

/** The code of a kind, as whoever runs it knows it. */
export interface RegisteredWork {
  readonly run: WorkCode<unknown>
  /** What is appended with the end of work that was stopped or could not be done: so that it does not look open. */
  readonly settled: (outcome: WorkOutcome) => Effect.Effect<ReadonlyArray<EventDraft>>
  /** True: its code is told that somebody wants it done no more, and brings it to its end, also later. */
  readonly endsItself: (input: unknown) => boolean
}

/** How work ended that its code did not finish. */
export type WorkOutcome =
  | { readonly status: "cancelled"; readonly workId: string; readonly input: unknown }
  | {
    readonly status: "failed"
    readonly workId: string
    readonly input: unknown
    readonly error: { readonly type: string; readonly message: string }
  }

/** The work that a fiber does; undefined: none. */
export const CurrentWork = Context.Reference<WorkTask<unknown> | undefined>("strata/kernel/work/WorkTask/CurrentWork", {
  defaultValue: () => undefined
})
