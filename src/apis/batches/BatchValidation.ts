/** Whether every line of a batch's input is as it should be: only then any is asked. */
import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { mostRequests } from "./BatchEndpoints.ts"
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

const tooMany = (line: number): LineError => ({
  custom_id: null,
  error: {
    code: "too_many_lines",
    line,
    message: `Line ${line}: a batch has at most ${mostRequests} lines. Make several batches of the file.`,
    param: "input_file_id"
  }
})

/** Longer ones are held by their digest, so that none takes more memory than another. */
const longestHeld = 32

const heldAs = (custom_id: string): string =>
  custom_id.length <= longestHeld ? custom_id : createHash("sha256").update(custom_id).digest("base64")

/** For each line: what is wrong with it, or nothing. A file with no line has one error; behind too many none is read. */
const checked = <E, R>(lines: Stream.Stream<ReadLine, E, R>): Stream.Stream<LineError | undefined, E, R> =>
  Stream.suspend(() => {
    const firstOf = new Map<string, number>()
    let count = 0
    const each = Stream.map(Stream.take(lines, mostRequests + 1), (read): LineError | undefined => {
      count += 1
      if (count > mostRequests) return tooMany(read._tag === "Wrong" ? read.error.line ?? count : read.line.line)
      if (read._tag === "Wrong") return { custom_id: read.custom_id, error: read.error }
      const { custom_id, line } = read.line
      const held = heldAs(custom_id)
      const first = firstOf.get(held)
      if (first !== undefined) return duplicate(line, custom_id, first)
      firstOf.set(held, line)
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
