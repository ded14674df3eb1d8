/** All work there is, as a table: what is open, of which kind, and since when. */
import { Schema } from "effect"
import * as Projection from "../../events/projections/Projection.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as WorkEvents from "./WorkEvents.ts"
import { isOpen, WorkStatus } from "./WorkState.ts"

export const WorkRow = Schema.Struct({
  work_id: Schema.String,
  kind: Schema.String,
  stream: Schema.String,
  status: WorkStatus,
  /** Milliseconds since 1970. */
  submitted_at: Schema.Int,
  changed_at: Schema.Int
})
export type WorkRow = typeof WorkRow.Type

const decodeIds = Schema.decodeUnknownSync(Schema.Struct({ work_id: Schema.String, kind: Schema.String }))

const idsOf = (event: RecordedEvent) => decodeIds(payloadOf(event))

const statusAfter: Readonly<Record<string, WorkStatus>> = {
  [WorkEvents.Submitted.type]: "queued",
  [WorkEvents.Started.type]: "running",
  [WorkEvents.Retried.type]: "waiting",
  [WorkEvents.Paused.type]: "waiting",
  [WorkEvents.Finished.type]: "finished",
  [WorkEvents.Failed.type]: "failed",
  [WorkEvents.Cancelled.type]: "cancelled"
}

const evolve = (row: WorkRow | undefined, event: RecordedEvent): WorkRow | undefined => {
  const { stream, time, type } = event
  const status = statusAfter[type]
  if (status === undefined) return row
  if (row !== undefined) return { ...row, status, changed_at: time }
  return type === WorkEvents.Submitted.type
    ? { ...idsOf(event), stream, status, submitted_at: time, changed_at: time }
    : undefined
}

export const WorkProjection = Projection.make<WorkRow>({
  name: "work",
  version: 2,
  description: "Work in the background, open or ended.",
  events: Object.values(WorkEvents),
  streams: () => true,
  document: WorkRow,
  key: (event) => idsOf(event).work_id,
  evolve,
  index: { status: ({ status }) => status, open: (row) => isOpen(row) ? 1 : null }
})
