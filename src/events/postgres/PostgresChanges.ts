/** Says that another process has committed events: `LISTEN`, again after every lost connection. */
import { Effect, Schedule, Stream } from "effect"
import type { Database } from "./PostgresDatabase.ts"

/** A server that is away is asked again, less and less often. */
const backOff = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])

/** `committed`: what this process has committed itself, which its readers know of. */
export const make = (database: Database, committed: () => number): Stream.Stream<void> => {
  const notified = Stream.unwrap(
    Effect.map(database.listen, (queue) =>
      Stream.fromQueue(queue).pipe(
        Stream.filter(({ payload }) => !(Number(payload) <= committed())),
        Stream.map(() => undefined),
        // What was told before somebody listened was missed.
        Stream.prepend([undefined])
      ))
  )
  return notified.pipe(
    Stream.tapError((error) => Effect.logDebug(`Listening for other writers again: ${error.message}`)),
    Stream.retry(backOff),
    Stream.orDie
  )
}
