/** Responses in the background: what is submitted is made once by whichever server is there, and its events are in the log as they come. */
import { Clock, Effect, Schema, Semaphore } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import * as WorkKind from "../../kernel/work/WorkKind.ts"
import type { LeaseLost } from "../../kernel/work/WorkLease.ts"
import type { WorkTask } from "../../kernel/work/WorkTask.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import type { Emit } from "./ResponseRun.ts"
import type { Event } from "./ResponseWriter.ts"

export const ResponseWork = WorkKind.make({
  name: "response",
  input: Schema.Struct({
    response: Schema.String,
    /** What was asked, without its input, which stands in the response. */
    request: Schema.JsonObject,
    /** Where the request stood that asked for it. */
    session: Schema.NullOr(Schema.String)
  })
})
export type Input = typeof ResponseWork.input.Type

/** In a request that an attempt is: the response it makes. A verification finds it again by it. */
export const header = "x-strata-response"

/** Events are handed to the log so often, milliseconds, and when so many characters have come. */
const interval = 250
const mostCharacters = 16_384

export interface Slices {
  readonly emit: Emit
  /** What is not in the log yet. */
  readonly rest: Effect.Effect<ReadonlyArray<Event>>
}

/** Collects events into slices; who fails to append them ends the attempt by it later. */
export const slices = Effect.fnUntraced(function*(
  task: Pick<WorkTask<Input>, "append" | "attempt">,
  response: string,
  lost: (error: LeaseLost | EventLogUnavailable) => Effect.Effect<void>
) {
  let events: Array<Event> = []
  let length = 0
  let last = yield* Clock.currentTimeMillis
  const one = Semaphore.makeUnsafe(1)

  const append = Effect.gen(function*() {
    if (events.length === 0) return
    const slice = events
    events = []
    length = 0
    last = yield* Clock.currentTimeMillis
    const draft = yield* Draft.make(ResponseEvents.Streamed, { response, attempt: task.attempt, events: slice })
    yield* Effect.catch(Effect.asVoid(task.append([draft])), lost)
  })

  const emit: Emit = (more, first) =>
    Effect.gen(function*() {
      for (const [index, event] of more.entries()) {
        const numbered = { type: event["type"]!, sequence_number: first + index, ...event }
        events.push(numbered)
        length += JSON.stringify(numbered).length
      }
      const now = yield* Clock.currentTimeMillis
      if (length >= mostCharacters || now - last >= interval) yield* one.withPermit(append)
    })

  // What comes slowly is there for who reads, too.
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(interval), one.withPermit(append))))

  return {
    emit,
    rest: one.withPermit(Effect.sync(() => {
      const slice = events
      events = []
      return slice
    }))
  } satisfies Slices
})
