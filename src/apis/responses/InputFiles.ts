/** Files of this server that a request names: in their place stands what they hold, as every vendor can be sent it. */
import { Effect, Stream } from "effect"
import type { Schema } from "effect"
import { isFields, textOrNull, without } from "../../events/types/JsonAccess.ts"
import * as Decision from "../../kernel/calls/Decision.ts"
import * as MediaTypes from "../../kernel/messages/MediaTypes.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { Files } from "../files/Files.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { DocumentNotFoundAt, invalid } from "./ResponseErrors.ts"
import * as ResponseEvents from "./ResponseEvents.ts"

type Json = Schema.JsonObject
type Read = typeof ResponseEvents.FileRead.payload.Type

/** Ids of files that are kept here: a vendor's look otherwise. */
const ourId = /^file-[0-9a-f]{48}$/

const idIn = ({ file_id, type }: Json): string | undefined => {
  const id = type === "input_file" || type === "input_image" ? textOrNull(file_id) : null
  return id !== null && ourId.test(id) ? id : undefined
}

export interface Options {
  /** Undefined: no files are kept here. */
  readonly files: Files["Service"] | undefined
  /** Most bytes that the files of one request may hold. */
  readonly mostBytes: number
}

const nothingOf = (file_id: string, reason: Read["reason"]): Read => ({
  file_id,
  filename: "",
  media_type: "",
  bytes: 0,
  data: null,
  reason
})

/** `left`: how much it may hold. */
const read = ({ files, mostBytes }: Options, id: string, left: number): Effect.Effect<Read> =>
  files === undefined ? Effect.succeed(nothingOf(id, "not_served")) : Effect.gen(function*() {
    const kept = yield* files.get(id)
    const { bytes, filename } = kept.file
    const about = { file_id: id, filename, media_type: MediaTypes.of(kept.content_type, filename), bytes }
    if (bytes > Math.min(left, mostBytes)) return { ...about, data: null, reason: "too_large" as const }
    const chunks = yield* Stream.runCollect(yield* files.read(kept))
    return { ...about, data: Buffer.concat(chunks).toString("base64"), reason: null }
  }).pipe(
    Effect.catchTag("DocumentNotFound", () => Effect.succeed(nothingOf(id, "not_found"))),
    Effect.catch(({ message }) =>
      Effect.as(Effect.logWarning(`The file ${id} can't be read: ${message}`), nothingOf(id, "unreadable"))
    )
  )

/** Why what a file holds can't stand there; undefined: it can. */
const problemOf = (
  part: Json,
  { bytes, file_id, media_type, reason }: Read,
  place: string,
  { left, most }: { readonly left: number; readonly most: number }
): ResponseInvalid | DocumentNotFoundAt | undefined => {
  const param = `${place}.file_id`
  // One that was read may be too much the second time.
  switch (reason ?? (bytes > left ? "too_large" : null)) {
    case "not_found":
      return new DocumentNotFoundAt({
        param,
        code: "not_found",
        message:
          `${param}: there is no file with the id ${file_id} here: upload it with POST /v1/files, or send what it holds.`
      })
    case "too_large":
      return invalid(
        param,
        `${param}: the file has ${bytes} bytes, and those of one request may have ${most} together ` +
          "(server.max_input_file_bytes): send less of it, or search it with the tool file_search.",
        "file_too_large"
      )
    case "not_served":
      return invalid(param, `${param}: no files are kept here: configure a provider of files, or send what it holds.`)
    case "unreadable":
      return invalid(
        param,
        `${param}: what the file holds can't be read at the moment: try again, or send what it holds.`
      )
    case null:
      return part["type"] === "input_image" && !MediaTypes.isImage(media_type)
        ? invalid(param, `${param}: the file is ${media_type}, and no image: send it as input_file.`, "invalid_value")
        : undefined
  }
}

/** An image is one, however its part calls it. */
const written = (part: Json, { data, filename, media_type }: Read): Json => {
  const url = `data:${media_type};base64,${data ?? ""}`
  const rest = without(part, ["file_id", "type"])
  return MediaTypes.isImage(media_type)
    ? { ...without(rest, ["filename"]), type: "input_image", image_url: url, detail: rest["detail"] ?? "auto" }
    : { ...without(rest, ["detail"]), type: "input_file", filename: rest["filename"] ?? filename, file_data: url }
}

const listFields = ["content", "output"] as const

/** Whether a request names such a file; looked up first, for most name none. */
const names = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some((each) => isFields(each) && (idIn(each) !== undefined || listFields.some((name) => names(each[name]))))
    : false

const variablesOf = ({ prompt }: Json): Json =>
  isFields(prompt) && isFields(prompt["variables"]) ? prompt["variables"] : {}

export const make = (options: Options) => {
  const { mostBytes } = options

  /** The request with what its files hold; the same where it names none. A verification takes it from the log. */
  const resolved = Effect.fnUntraced(function*(
    body: Json
  ): Effect.fn.Return<Json, ResponseInvalid | DocumentNotFoundAt> {
    const variables = variablesOf(body)
    const chosen = Object.entries(variables).filter(([, value]) => names([value]))
    if (!names(body["input"]) && chosen.length === 0) return body
    const recording = yield* CurrentRecording
    const place = recording === undefined ? undefined : Decision.ofRequest(recording)
    let left = mostBytes
    /** A file that is named again is not read again. */
    const reads = new Map<string, Read>()

    const readOnce = Effect.fnUntraced(function*(id: string) {
      const before = reads.get(id)
      if (before !== undefined) return before
      const decided = yield* Decision.make(
        place,
        ResponseEvents.FileRead,
        Effect.suspend(() => read(options, id, left)),
        ({ file_id }) => file_id === id
      )
      if (decided !== undefined) reads.set(id, decided.payload)
      return decided?.payload
    })

    const partOf = Effect.fnUntraced(function*(part: Schema.Json, field: string) {
      const id = isFields(part) ? idIn(part) : undefined
      if (id === undefined || !isFields(part)) return part
      const payload = yield* readOnce(id)
      // Recorded by an earlier Strata: it went on as it came.
      if (payload === undefined) return part
      const problem = problemOf(part, payload, field, { left, most: mostBytes })
      if (problem !== undefined) return yield* problem
      left -= payload.bytes
      return written(part, payload)
    })

    const listOf = (given: Schema.Json | undefined, field: string) =>
      Array.isArray(given)
        ? Effect.forEach(given as ReadonlyArray<Schema.Json>, (part, at) => partOf(part, `${field}[${at}]`))
        : Effect.succeed(given)

    const itemOf = Effect.fnUntraced(function*(item: Schema.Json, field: string) {
      if (!isFields(item) || !names([item])) return item
      const changed: Record<string, Schema.Json> = { ...item }
      for (const name of listFields) {
        const list = yield* listOf(item[name], `${field}.${name}`)
        if (list !== undefined) changed[name] = list
      }
      return changed
    })

    const { input, prompt } = body
    const items = Array.isArray(input)
      ? yield* Effect.forEach(input as ReadonlyArray<Schema.Json>, (item, at) => itemOf(item, `input[${at}]`))
      : input
    const values = yield* Effect.forEach(
      chosen,
      ([name, value]) => Effect.map(partOf(value, `prompt.variables.${name}`), (part) => [name, part] as const)
    )
    return {
      ...body,
      ...items === undefined ? {} : { input: items },
      ...isFields(prompt) && values.length > 0
        ? { prompt: { ...prompt, variables: { ...variables, ...Object.fromEntries(values) } } }
        : {}
    }
  })
  return { resolved }
}
