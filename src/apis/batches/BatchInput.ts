/** The lines of a batch, in order: of its file, or of the requests that came with it. */
import { Effect, Schema, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { MostBodyValues, refusalOf } from "../../kernel/http/BodyValues.ts"
import type { PayloadTooLarge } from "../../kernel/http/HttpErrors.ts"
import type { Files, ReadFailure } from "../files/Files.ts"
import { NoFileStorage } from "../files/FilesErrors.ts"
import type { StorageFailed } from "../files/FileStorage.ts"
import * as BatchEventPages from "./BatchEventPages.ts"
import * as BatchEvents from "./BatchEvents.ts"
import type { KeptBatch } from "./BatchKind.ts"
import type { BatchLine, ReadLine } from "./BatchLine.ts"
import * as Line from "./BatchLine.ts"
import * as JsonLines from "./JsonLines.ts"

export type InputFailure = ReadFailure | NoFileStorage | StorageFailed | EventLogUnavailable

interface Sources {
  readonly hub: EventHub["Service"]
  readonly files: Files["Service"] | undefined
}

const decode = Schema.decodeUnknownSync(BatchEvents.RequestsAdded.payload)

const tooLong = (line: number): ReadLine => ({
  _tag: "Wrong",
  custom_id: null,
  error: {
    code: "line_too_long",
    line,
    message: `Line ${line}: it has more than ${JsonLines.longestLine} characters.`,
    param: null
  }
})

const tooManyValues = (line: number, { error: { message, param } }: PayloadTooLarge): ReadLine => ({
  _tag: "Wrong",
  custom_id: null,
  error: { code: "too_many_values", line, message: `Line ${line}: ${message}`, param }
})

const ofFile = (files: Files["Service"] | undefined, id: string, endpoint: string) =>
  Stream.unwrap(Effect.gen(function*() {
    if (files === undefined) return yield* new NoFileStorage()
    const mostValues = yield* MostBodyValues
    return JsonLines.make(yield* files.read(yield* files.get(id))).pipe(
      Stream.map(({ line, text, tooLong: isTooLong }) => {
        if (isTooLong) return tooLong(line)
        const tooMany = refusalOf(text, mostValues)
        return tooMany === undefined ? Line.read(text, line, endpoint) : tooManyValues(line, tooMany)
      })
    )
  }))

/** As they are written, also those that are wrong. */
export const read = (
  { files, hub }: Sources,
  { endpoint, id, input_file_id }: KeptBatch
): Stream.Stream<ReadLine, InputFailure> =>
  input_file_id === null
    ? BatchEventPages.make(hub, id, BatchEvents.RequestsAdded).pipe(
      Stream.flatMap((event) => {
        const { first, requests } = decode(payloadOf(event))
        return Stream.fromIterable(
          requests.map((request, index): ReadLine => ({ _tag: "Line", line: { line: first + index, ...request } }))
        )
      })
    )
    : ofFile(files, input_file_id, endpoint)

/** Those that are asked. */
export const lines = (sources: Sources, batch: KeptBatch): Stream.Stream<BatchLine, InputFailure> =>
  Stream.flatMap(read(sources, batch), (read) => read._tag === "Line" ? Stream.succeed(read.line) : Stream.empty)
