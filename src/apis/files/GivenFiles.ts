/** Files of this server that a request to a model names by id: each is read once, and a verification takes it from the log. */
import { Effect, Option, Schema, Stream } from "effect"
import * as Decision from "../../kernel/calls/Decision.ts"
import { MostInputFileBytes } from "../../kernel/http/MostInputFileBytes.ts"
import * as DataUrl from "../../kernel/messages/DataUrl.ts"
import * as MediaTypes from "../../kernel/messages/MediaTypes.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { Files } from "./Files.ts"
import * as FilesEvents from "./FilesEvents.ts"

/** What a file holds; also of one that could not be read. */
export type GivenFile = typeof FilesEvents.Given.payload.Type

/** Why what a file holds can't stand in a request. */
export class FileRefused extends Schema.TaggedError<FileRefused>()("FileRefused", {
  /** The field that names it. */
  param: Schema.String,
  code: Schema.String,
  message: Schema.String
}) {}

/** Ids of files that are kept here: a vendor's look otherwise. */
const ourId = /^file-[0-9a-f]{48}$/

/** The id, where it is of a file that may be kept here. */
export const idOf = (id: unknown): string | undefined => typeof id === "string" && ourId.test(id) ? id : undefined

/** As a `data:` URL. */
export const urlOf = ({ data, media_type }: GivenFile): string =>
  DataUrl.write({ mediaType: media_type, data: data ?? "" })

export const isImage = ({ media_type }: GivenFile): boolean => MediaTypes.isImage(media_type)

interface Limits {
  /** Bytes that files of the request may still hold. */
  readonly left: number
  /** Bytes that they may hold together. */
  readonly most: number
}

const nothingOf = (file_id: string, reason: GivenFile["reason"]): GivenFile => ({
  file_id,
  filename: "",
  media_type: "",
  bytes: 0,
  data: null,
  reason
})

const readWith = (files: Files["Service"], id: string, { left }: Limits): Effect.Effect<GivenFile> =>
  Effect.gen(function*() {
    const kept = yield* files.get(id)
    const { bytes, filename } = kept.file
    const about = { file_id: id, filename, media_type: MediaTypes.of(kept.content_type, filename), bytes }
    if (bytes > left) return { ...about, data: null, reason: "too_large" as const }
    const chunks = yield* Stream.runCollect(yield* files.read(kept))
    return { ...about, data: Buffer.concat(chunks).toString("base64"), reason: null }
  }).pipe(
    Effect.catchTag("DocumentNotFound", () => Effect.succeed(nothingOf(id, "not_found"))),
    Effect.catch(({ message }) =>
      Effect.as(Effect.logWarning(`The file ${id} can't be read: ${message}`), nothingOf(id, "unreadable"))
    )
  )

/** Undefined: it can stand there. One that was read may be too much the second time. */
const problemOf = ({ bytes, file_id, reason }: GivenFile, param: string, { left, most }: Limits) => {
  const refused = (code: string, why: string) => new FileRefused({ param, code, message: `${param}: ${why}` })
  switch (reason ?? (bytes > left ? "too_large" : null)) {
    case "not_found":
      return refused(
        "not_found",
        `there is no file with the id ${file_id} here: upload it with POST /v1/files, or send what it holds.`
      )
    case "too_large":
      return refused(
        "file_too_large",
        `the file has ${bytes} bytes, and those of one request may have ${most} together ` +
          "(server.max_input_file_bytes): send less of it, or search it with the tool file_search."
      )
    case "not_served":
      return refused(
        "unsupported_value",
        "no files are kept here: configure a provider of files, or send what it holds."
      )
    case "unreadable":
      return refused(
        "file_unreadable",
        "what the file holds can't be read at the moment: try again, or send what it holds."
      )
    case null:
      return undefined
  }
}

/** Of one request. */
export interface FilesOfRequest {
  /** `field`: which names it. Undefined for what an earlier Strata has recorded: it went on as it came. */
  readonly read: (id: string, field: string) => Effect.Effect<GivenFile | undefined, FileRefused>
}

/** Reads the files of the request that is made, within the limit of the server. */
export const ofRequest: Effect.Effect<FilesOfRequest> = Effect.gen(function*() {
  const files = Option.getOrUndefined(yield* Effect.serviceOption(Files))
  const most = yield* MostInputFileBytes
  const recording = yield* CurrentRecording
  const place = recording === undefined ? undefined : Decision.ofRequest(recording)
  const reads = new Map<string, GivenFile>()
  let left = most

  const readOnce = Effect.fnUntraced(function*(id: string) {
    const before = reads.get(id)
    if (before !== undefined) return before
    const decided = yield* Decision.make(
      place,
      FilesEvents.Given,
      Effect.suspend(() =>
        files === undefined ? Effect.succeed(nothingOf(id, "not_served")) : readWith(files, id, { left, most })
      ),
      ({ file_id }) => file_id === id
    )
    if (decided !== undefined) reads.set(id, decided.payload)
    return decided?.payload
  })

  return {
    read: Effect.fnUntraced(function*(id, field) {
      const file = yield* readOnce(id)
      const problem = file === undefined ? undefined : problemOf(file, field, { left, most })
      if (problem !== undefined) return yield* problem
      left -= file?.bytes ?? 0
      return file
    })
  }
})
