/** What must hold of pieces of work however servers were killed: each ended once, and no call was made for nothing. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import * as WorkEvents from "../../../src/kernel/work/WorkEvents.ts"
import type { OpenStore } from "../Stores.ts"
import { pieceName } from "./WorkVendor.ts"

export interface Counts {
  readonly started: number
  readonly ended: number
}

/** Of each piece that is in the log, by its stream. */
export const countsOf = async (store: OpenStore): Promise<ReadonlyMap<string, Counts>> => {
  const events = await store.runPromise(Effect.flatMap(EventHub, (hub) => readAll(hub, { types: ["work:*"] })))
  const counts = new Map<string, Counts>()
  for (const { stream, type } of events) {
    const { ended, started } = counts.get(stream) ?? { started: 0, ended: 0 }
    const isEnd = type === WorkEvents.Finished.type || type === WorkEvents.Failed.type
    counts.set(stream, {
      started: started + (type === WorkEvents.Started.type ? 1 : 0),
      ended: ended + (isEnd ? 1 : 0)
    })
  }
  return counts
}

/** The streams of responses, by the piece that each was asked for. */
export const responseStreams = async (store: OpenStore): Promise<ReadonlyMap<string, string>> => {
  const events = await store.runPromise(
    Effect.flatMap(EventHub, (hub) => readAll(hub, { types: ["response:*", WorkEvents.Submitted.type] }))
  )
  const streams = new Map<string, string>()
  for (const { payload, stream } of events) {
    const [piece] = pieceName.exec(payload) ?? []
    if (piece !== undefined) streams.set(piece, stream)
  }
  return streams
}

export interface Given {
  readonly counts: ReadonlyMap<string, Counts>
  /** Pieces whose submission was acknowledged. */
  readonly acknowledged: ReadonlySet<string>
  readonly calls: ReadonlyMap<string, number>
  readonly streamOf: (workId: string) => string
  readonly kills: number
  readonly concurrency: number
}

/** What is wrong, a line each; none: nothing. */
export const problems = (
  { acknowledged, calls, concurrency, counts, kills, streamOf }: Given
): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  for (const workId of acknowledged) {
    if (!counts.has(streamOf(workId))) wrong.push(`${workId} was acknowledged, and is not in the log`)
  }
  for (const [stream, { ended }] of counts) {
    if (ended !== 1) wrong.push(`${stream} ended ${ended} times`)
  }
  let all = 0
  for (const [workId, number] of calls) {
    all += number
    const started = counts.get(streamOf(workId))?.started ?? 0
    if (number > started) wrong.push(`${workId}: ${number} calls in ${started} attempts`)
  }
  const most = counts.size + kills * concurrency
  if (all > most) wrong.push(`${all} calls, of which ${most} may be`)
  return wrong
}
