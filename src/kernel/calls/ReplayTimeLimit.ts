/** In a verification: how long a call may take, for its answer is there already. Its clock is not the recording's. */
import { Context, Duration, Effect, Stream } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import { isStreamed } from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import { NoResult, withinTime } from "../provider/WithinTime.ts"

/** The longest wait for an answer, and for each part of one that is streamed. */
export const ReplayTimeLimit = Context.Reference<Duration.Duration>("strata/kernel/calls/ReplayTimeLimit", {
  defaultValue: () => Duration.seconds(30)
})

/** The call has not come to an end when it ran again: the request diverges there. */
const late = (provider: string, message: string) =>
  Effect.andThen(
    Effect.logWarning(`The provider ${provider} did not answer when its call ran again: ${message}`),
    Effect.die(new Error(message))
  )

/** The same, but that it dies where nothing comes within the limit; a call that can't be interrupted is left behind. */
export const limitCall = <A, E, R>(provider: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(ReplayTimeLimit, (limit) =>
    Effect.catchIf(
      withinTime(effect, { limit, late: "no answer" }),
      (error): error is NoResult => error instanceof NoResult,
      ({ message, reason }) => reason === "interrupted" ? Effect.interrupt : late(provider, message),
      (error) => Effect.fail(error as E)
    ))

/** The same of each part of an answer that is streamed. */
export const limitStream = <E>(provider: string, bytes: Bytes<E>): Bytes<E> => {
  if (!isStreamed(bytes)) return bytes
  const stream = Stream.unwrap(Effect.map(ReplayTimeLimit, (duration) =>
    Stream.timeoutOrElse(bytes.body.stream, {
      duration,
      orElse: () => Stream.fromEffect(late(provider, `nothing more within ${Duration.format(duration)}`))
    })))
  return { ...bytes, body: ByteSource.fromStream(stream) }
}
