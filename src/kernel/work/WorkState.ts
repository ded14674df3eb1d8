/** Where a piece of work stands: the fold of its events. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { Principal } from "../../events/types/Principal.ts"
import * as WorkEvents from "./WorkEvents.ts"
import type { WorkFailure } from "./WorkFailure.ts"

export const WorkStatus = Schema.Literals(["queued", "running", "waiting", "finished", "failed", "cancelled"]).annotate(
  {
    description:
      "queued: nobody has begun; running: a worker has it, or was lost with it; waiting: it failed and is tried " +
      "again later, or waits for something outside; finished, failed, cancelled: nothing more happens."
  }
)
export type WorkStatus = typeof WorkStatus.Type

export interface WorkState {
  readonly workId: string
  readonly kind: string
  readonly input: Schema.Json
  readonly principal: Principal | null
  readonly status: WorkStatus
  readonly cancelRequested: boolean
  /** How often a worker took it. */
  readonly attempts: number
  /** How often it failed and was tried again. */
  readonly retries: number
  /** Attempts, the last included, that neither failed nor wrote anything. */
  readonly fruitless: number
  /** Events of its own work since the last attempt began. */
  readonly since: number
  /** The version of the last `work:started`; 0: there is none. */
  readonly epoch: number
  readonly error: WorkFailure | undefined
}

const open: ReadonlySet<WorkStatus> = new Set(["queued", "running", "waiting"])

export const isOpen = ({ status }: Pick<WorkState, "status">): boolean => open.has(status)

/** Attempts in a row whose workers were lost, with nothing to show: they neither failed nor ended. */
export const lostAttempts = ({ fruitless }: WorkState): number => fruitless

/** What is longer than an attempt goes on where the one before was: what stands between the two is its progress. */
const hasProgressed = ({ epoch, since }: WorkState, version: number): boolean =>
  epoch > 0 && version - epoch - 1 > since

const decoder = <D extends { readonly payload: Schema.Top }>({ payload }: D) =>
  Schema.decodeUnknownSync(payload as Schema.Codec<D["payload"]["Type"]>)

const decode = {
  submitted: decoder(WorkEvents.Submitted),
  started: decoder(WorkEvents.Started),
  retried: decoder(WorkEvents.Retried),
  failed: decoder(WorkEvents.Failed)
}

const begun = (event: RecordedEvent): WorkState => {
  const { input, kind, principal, work_id } = decode.submitted(payloadOf(event))
  const counts = { attempts: 0, retries: 0, fruitless: 0, since: 0, epoch: 0 }
  return {
    workId: work_id,
    kind,
    input,
    principal,
    status: "queued",
    cancelRequested: false,
    error: undefined,
    ...counts
  }
}

/** Events of other types, and all before it was submitted, change nothing. */
export const evolve = (before: WorkState | undefined, event: RecordedEvent): WorkState | undefined => {
  if (event.type === WorkEvents.Submitted.type) return before ?? begun(event)
  if (before === undefined) return undefined
  const state = event.type.startsWith("work:") ? { ...before, since: before.since + 1 } : before
  switch (event.type) {
    case WorkEvents.Started.type: {
      const { attempt } = decode.started(payloadOf(event))
      const fruitless = hasProgressed(before, event.version) ? 1 : before.fruitless + 1
      return { ...state, status: "running", attempts: attempt, fruitless, since: 0, epoch: event.version }
    }
    case WorkEvents.Retried.type: {
      const { error } = decode.retried(payloadOf(event))
      const { fruitless, retries } = state
      return { ...state, status: "waiting", retries: retries + 1, fruitless: fruitless - 1, error }
    }
    case WorkEvents.Paused.type:
      return { ...state, status: "waiting", fruitless: state.fruitless - 1, error: undefined }
    case WorkEvents.Finished.type:
      return { ...state, status: "finished", error: undefined }
    case WorkEvents.Failed.type:
      return { ...state, status: "failed", error: decode.failed(payloadOf(event)).error }
    case WorkEvents.CancelRequested.type:
      return { ...state, cancelRequested: true }
    case WorkEvents.Cancelled.type:
      return { ...state, status: "cancelled" }
    default:
      return state
  }
}
