/** The answers that the lines of a batch have in the log. */
import { Effect, Schema, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as BatchEventPages from "./BatchEventPages.ts"
import * as BatchEvents from "./BatchEvents.ts"
import type { LineAnswer } from "./BatchOutput.ts"
import { LineSet } from "./LineSet.ts"

const decode = Schema.decodeUnknownSync(BatchEvents.LineAnswered.payload)

/** In the order in which they came. */
export const all = (hub: EventHub["Service"], batch: string): Stream.Stream<LineAnswer, EventLogUnavailable> =>
  Stream.map(BatchEventPages.make(hub, batch, BatchEvents.LineAnswered), (event) => decode(payloadOf(event)))

/** Which lines have one. */
export const lines = (hub: EventHub["Service"], batch: string): Effect.Effect<LineSet, EventLogUnavailable> =>
  Effect.gen(function*() {
    const answered = new LineSet()
    yield* Stream.runForEach(all(hub, batch), ({ line }) => Effect.sync(() => answered.add(line)))
    return answered
  })
