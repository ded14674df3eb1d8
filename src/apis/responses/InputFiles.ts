/** Files of this server that a request names: in their place stands what they hold, as every vendor can be sent it. */
import { Effect } from "effect"
import type { Schema } from "effect"
import { isFields, without } from "../../events/types/JsonAccess.ts"
import * as GivenFiles from "../files/GivenFiles.ts"
import * as GivenParts from "./GivenParts.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { DocumentNotFoundAt, invalid } from "./ResponseErrors.ts"

type Json = Schema.JsonObject

const idIn = ({ file_id, type }: Json): string | undefined =>
  type === "input_file" || type === "input_image" ? GivenFiles.idOf(file_id) : undefined

/** An image is one, however its part calls it. */
const written = (part: Json, file: GivenFiles.GivenFile): Json => {
  const url = GivenFiles.urlOf(file)
  const rest = without(part, ["file_id", "type"])
  return GivenFiles.isImage(file)
    ? { ...without(rest, ["filename"]), type: "input_image", image_url: url, detail: rest["detail"] ?? "auto" }
    : { ...without(rest, ["detail"]), type: "input_file", filename: rest["filename"] ?? file.filename, file_data: url }
}

const failureOf = ({ code, message, param }: GivenFiles.FileRefused): ResponseInvalid | DocumentNotFoundAt =>
  code === "not_found" ? new DocumentNotFoundAt({ param, code, message }) : invalid(param, message, code)

/** Whether a request names such a file; looked up first, for most name none. */
const names = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.some((each) =>
    isFields(each) && (idIn(each) !== undefined || GivenParts.listFields.some((name) => names(each[name])))
  )

const variablesOf = ({ prompt }: Json): Json =>
  isFields(prompt) && isFields(prompt["variables"]) ? prompt["variables"] : {}

/** The request with what its files hold; the same where it names none. */
export const resolved = (body: Json): Effect.Effect<Json, ResponseInvalid | DocumentNotFoundAt> => {
  const variables = variablesOf(body)
  const chosen = Object.entries(variables).filter(([, value]) => names([value]))
  return names(body["input"]) || chosen.length > 0 ? read(body, variables, chosen) : Effect.succeed(body)
}

const read = Effect.fnUntraced(function*(
  body: Json,
  variables: Json,
  chosen: ReadonlyArray<readonly [string, Schema.Json]>
): Effect.fn.Return<Json, ResponseInvalid | DocumentNotFoundAt> {
  const files = yield* GivenFiles.ofRequest

  const partOf = Effect.fnUntraced(function*(part: Schema.Json, place: string) {
    const id = isFields(part) ? idIn(part) : undefined
    if (id === undefined || !isFields(part)) return part
    const field = `${place}.file_id`
    const file = yield* Effect.mapError(files.read(id, field), failureOf)
    if (file === undefined) return part
    if (part["type"] === "input_image" && !GivenFiles.isImage(file)) {
      const why = `${field}: the file is ${file.media_type}, and no image: send it as input_file.`
      return yield* invalid(field, why, "invalid_value")
    }
    return GivenParts.standingFor(part, written(part, file))
  })

  const listOf = (given: Schema.Json | undefined, field: string) =>
    Array.isArray(given)
      ? Effect.forEach(given as ReadonlyArray<Schema.Json>, (part, at) => partOf(part, `${field}[${at}]`))
      : Effect.succeed(given)

  const itemOf = Effect.fnUntraced(function*(item: Schema.Json, field: string) {
    if (!isFields(item) || !names([item])) return item
    const changed: Record<string, Schema.Json> = { ...item }
    for (const name of GivenParts.listFields) {
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
