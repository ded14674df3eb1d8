/** Events with the pauses they had. */
import { Effect, Stream } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"

export interface Pace {
  /** So many times faster; 0: at once. */
  readonly speed: number
  /** Longer pauses are cut to this before they are made faster, milliseconds. */
  readonly maxPause: number
}

const pauseBefore = ({ maxPause, speed }: Pace, elapsed: number): number =>
  speed > 0 ? Math.min(Math.max(elapsed, 0), maxPause) / speed : 0

/** Each event after the pause that was before it; the first at once. */
export const paced = <E, R>(
  events: Stream.Stream<RecordedEvent, E, R>,
  pace: Pace
): Stream.Stream<RecordedEvent, E, R> => {
  if (pace.speed <= 0) return events
  return Stream.suspend(() => {
    let before: number | undefined
    return Stream.mapEffect(events, (event) => {
      const pause = pauseBefore(pace, event.time - (before ?? event.time))
      before = event.time
      return pause > 0 ? Effect.as(Effect.sleep(pause), event) : Effect.succeed(event)
    })
  })
}
