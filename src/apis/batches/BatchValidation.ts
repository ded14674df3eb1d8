/** Whether every line of a batch's input is as it should be: only then any is asked. */
import { Effect, Stream } from "effect"
import type { BatchError } from "./BatchEvents.ts"
import type { ReadLine } from "./BatchLine.ts"

/** So many errors stand in the batch; all of them in its file of errors. */
export const mostErrors = 1000

export interface LineError {
  readonly custom_id: string | null
  readonly error: BatchError
}

const duplicate = (line: number, custom_id: string, first: number): LineError => ({
  custom_id,
  error: {
    code: "duplicate_custom_id",
    line,
    message: `Line ${line}: the custom_id ${JSON.stringify(custom_id)} is that of line ${first}, too.`,
    param: "custom_id"
  }
})

const empty: LineError = {
  custom_id: null,
  error: {
    code: "empty_file",
    line: null,
    message: "The input has no line: write one request a line.",
    param: "input_file_id"
  }
}

/** For each line: what is wrong with it, or nothing. A file with no line has one error. */
const checked = <E, R>(lines: Stream.Stream<ReadLine, E, R>): Stream.Stream<LineError | undefined, E, R> =>
  Stream.suspend(() => {
    const firstOf = new Map<string, number>()
    let count = 0
    const each = Stream.map(lines, (read): LineError | undefined => {
      count += 1
      if (read._tag === "Wrong") return { custom_id: read.custom_id, error: read.error }
      const { custom_id, line } = read.line
      const first = firstOf.get(custom_id)
      if (first !== undefined) return duplicate(line, custom_id, first)
      firstOf.set(custom_id, line)
      return undefined
    })
    return Stream.concat(
      each,
      Stream.suspend(() => count === 0 ? Stream.make<Array<LineError | undefined>>(empty) : Stream.empty)
    )
  })

/** Every error, as it is found. */
export const errors = <E, R>(lines: Stream.Stream<ReadLine, E, R>): Stream.Stream<LineError, E, R> =>
  Stream.filter(checked(lines), (error): error is LineError => error !== undefined)

export interface Validation {
  /** How many lines there are. */
  readonly total: number
  /** The first of them. */
  readonly errors: ReadonlyArray<BatchError>
}

export const run = <E, R>(lines: Stream.Stream<ReadLine, E, R>): Effect.Effect<Validation, E, R> =>
  Effect.gen(function*() {
    let total = 0
    const errors: Array<BatchError> = []
    yield* Stream.runForEach(checked(lines), (error) =>
      Effect.sync(() => {
        total += 1
        if (error !== undefined && errors.length < mostErrors) errors.push(error.error)
      }))
    return { total, errors }
  })
