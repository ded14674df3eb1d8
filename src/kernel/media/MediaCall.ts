/** One request for a media operation, as its client sent it: JSON, or a form with files. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { isFields, parse } from "../../events/types/JsonAccess.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import { replaceModel } from "../dialects/chat/ModelName.ts"
import type { MediaOperation, SentFile } from "./MediaOperation.ts"
import * as MultipartForm from "./MultipartForm.ts"

export interface MediaCall {
  readonly operation: MediaOperation
  /** As who is asked calls it. */
  readonly model: string
  /** Whether server-sent events are asked for. */
  readonly stream: boolean
  /** What it says besides its files; a form's fields are texts, or lists of these. */
  readonly fields: Schema.JsonObject
  readonly files: ReadonlyArray<SentFile>
  readonly contentType: string
  /** The body as it goes out. */
  readonly body: WholeBody.WholeBody
}

/** Why it is none: the field, and what to do. */
export interface NotRead {
  readonly param: string
  readonly message: string
}

const json = "application/json"

const isTrue = (value: unknown): boolean => value === true || value === "true"

/** `image[]` and `image` are one list. */
const nameOf = (name: string): string => name.replace(/\[\d*\]$/, "")

const fieldsOf = (form: MultipartForm.MultipartForm): Schema.JsonObject => {
  const fields: Record<string, Schema.Json> = {}
  for (const part of form.parts) {
    if (part.filename !== undefined) continue
    const name = nameOf(part.name)
    const text = MultipartForm.contentOf(form, part).toString("utf8")
    const before = Object.hasOwn(fields, name) ? fields[name] : undefined
    const isList = name !== part.name || before !== undefined
    Object.defineProperty(fields, name, {
      value: isList ? [...before === undefined ? [] : [before].flat() as ReadonlyArray<Schema.Json>, text] : text,
      enumerable: true,
      writable: true,
      configurable: true
    })
  }
  return fields
}

const filesOf = ({ parts }: MultipartForm.MultipartForm): ReadonlyArray<SentFile> =>
  parts.flatMap(({ contentType = null, end, filename, name, start }) =>
    filename === undefined ? [] : [{ field: name, filename, content_type: contentType, bytes: end - start }]
  )

/** The same call, of a model that who is asked calls so. */
export const withModel = (call: MediaCall, model: string): MediaCall => {
  const { body, contentType, fields } = call
  if (MultipartForm.boundaryOf(contentType) === undefined) {
    const text = WholeBody.textOf(body)
    return {
      ...call,
      model,
      body: "model" in fields ? replaceModel(text, model) : JSON.stringify({ ...fields, model })
    }
  }
  const form = Result.getOrUndefined(MultipartForm.read(bytesOf(body), contentType))
  return form === undefined
    ? { ...call, model }
    : { ...call, model, body: WholeBody.of(MultipartForm.withField(form, "model", model)) }
}

const bytesOf = (body: WholeBody.WholeBody): Uint8Array => typeof body === "string" ? Buffer.from(body) : body

/** The same call with other fields, of JSON alone. */
export const withFields = (call: MediaCall, fields: Schema.JsonObject): MediaCall => ({
  ...call,
  fields,
  body: JSON.stringify(fields)
})

export const isForm = ({ contentType }: Pick<MediaCall, "contentType">): boolean =>
  MultipartForm.boundaryOf(contentType) !== undefined

/** What is recorded of it where it goes over no wire: of its files, what they are. */
export const inputOf = ({ fields, files, model }: MediaCall): string =>
  JSON.stringify({ ...fields, model, ...files.length === 0 ? {} : { files } })

export const read = (
  operation: MediaOperation,
  body: Uint8Array,
  contentType: string
): Result.Result<MediaCall, NotRead> => {
  const isForm = /^\s*multipart\//i.test(contentType)
  const form = isForm ? MultipartForm.read(body, contentType) : undefined
  if (form !== undefined && Result.isFailure(form)) return Result.fail({ param: "body", message: form.failure })
  const text = form === undefined ? WholeBody.textOf(WholeBody.of(body)) : ""
  const fields = form === undefined ? parse(text) : fieldsOf(form.success)
  if (!isFields(fields)) return Result.fail({ param: "body", message: "The body is a JSON object." })
  const { model = null, stream, stream_format } = fields as Schema.JsonObject
  const named = Predicate.isString(model) && model.trim() !== "" ? model : operation.defaultModel
  if (named === undefined || (model !== null && !Predicate.isString(model))) {
    return Result.fail({
      param: "model",
      message: "Say which model is asked, as `GET /v1/models` lists it, in `model`."
    })
  }
  return Result.succeed({
    operation,
    model: named,
    stream: isTrue(stream) || stream_format === "sse",
    fields: fields as Schema.JsonObject,
    files: form === undefined ? [] : filesOf(form.success),
    contentType: form === undefined ? json : contentType,
    body: form === undefined ? text : WholeBody.of(body)
  })
}
