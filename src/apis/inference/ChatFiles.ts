/** Files of this server that a chat completion names: in their place stands what they hold. */
import { Effect } from "effect"
import type { Schema } from "effect"
import { field, isFields, listOf, without } from "../../events/types/JsonAccess.ts"
import * as GivenFiles from "../files/GivenFiles.ts"
import { RequestRefused } from "./Inference.ts"

type Json = Schema.JsonObject

const idIn = (part: unknown): string | undefined =>
  field(part, "type") === "file" ? GivenFiles.idOf(field(field(part, "file"), "file_id")) : undefined

const names = (message: Schema.Json): boolean =>
  listOf(field(message, "content")).some((part) => idIn(part) !== undefined)

/** An image is one: what is called a file is a document. */
const written = (part: Json, given: GivenFiles.GivenFile): Json => {
  const url = GivenFiles.urlOf(given)
  const { file } = part
  return GivenFiles.isImage(given)
    ? { ...without(part, ["type", "file"]), type: "image_url", image_url: { url } }
    : {
      ...part,
      file: { filename: given.filename, ...isFields(file) ? without(file, ["file_id"]) : {}, file_data: url }
    }
}

const failureOf = ({ code, message, param }: GivenFiles.FileRefused) =>
  new RequestRefused({ detail: message, param, code })

/** The same request where it names none. */
export const resolved = Effect.fnUntraced(function*(body: Json): Effect.fn.Return<Json, RequestRefused> {
  const given = listOf(body["messages"])
  if (!given.some(names)) return body
  const files = yield* GivenFiles.ofRequest
  const messages = yield* Effect.forEach(given, (message, at) => {
    if (!names(message) || !isFields(message)) return Effect.succeed(message)
    const parts = Effect.forEach(
      listOf(message["content"]),
      (part, place): Effect.Effect<Schema.Json, RequestRefused> => {
        const id = idIn(part)
        if (id === undefined || !isFields(part)) return Effect.succeed(part)
        const read = files.read(id, `messages[${at}].content[${place}].file.file_id`)
        return Effect.mapBoth(read, {
          onFailure: failureOf,
          onSuccess: (file) => file === undefined ? part : written(part, file)
        })
      }
    )
    return Effect.map(parts, (content): Schema.Json => ({ ...message, content }))
  })
  return { ...body, messages }
})
