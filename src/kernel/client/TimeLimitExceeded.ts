/** A vendor took longer than it may: the cause of a client's error. */
import { Data, Duration } from "effect"

/** What took too long: the connection, the beginning of the answer, the next of it, or all of it. */
export type TimeLimit = "connect" | "first_byte" | "idle" | "total"

const phrases: Readonly<Record<TimeLimit, string>> = {
  connect: "no connection",
  first_byte: "no answer",
  idle: "nothing more of the answer",
  total: "no whole answer"
}

/** Of the failure, in the log. */
export const type = "timeout"

export class TimeLimitExceeded extends Data.TaggedError("TimeLimitExceeded")<{ readonly message: string }> {}

export const make = (limit: TimeLimit, milliseconds: number): TimeLimitExceeded =>
  new TimeLimitExceeded({ message: `${phrases[limit]} within ${Duration.format(Duration.millis(milliseconds))}` })
