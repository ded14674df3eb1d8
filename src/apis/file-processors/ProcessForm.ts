/** The form that asks for a file to be processed: the file itself, or the id of one that is kept here. */
import { Effect, Result, Schema, Stream } from "effect"
import type { Multipart } from "effect/http"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as FileForm from "../files/FileForm.ts"
import type { FileBytes } from "./FileProcessor.ts"
import { ProcessFields } from "./FileProcessorsModels.ts"

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "file_processing", field, message })

const decoder = Schema.decodeUnknownEffect(ProcessFields)
const fromJson = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))

/** Fields of a form that are values, written as JSON. */
const written: ReadonlySet<string> = new Set(["chunking_strategy", "options"])

const decode = Effect.fnUntraced(function*(fields: Readonly<Record<string, string>>) {
  const values: Array<readonly [string, unknown]> = []
  for (const [name, text] of Object.entries(fields)) {
    if (!written.has(name)) {
      values.push([name, text])
      continue
    }
    const value = fromJson(text)
    if (Result.isFailure(value)) {
      return yield* invalid(name, `${name} is no JSON: write it as {"type":"auto"} is written.`)
    }
    values.push([name, value.success])
  }
  return yield* Effect.mapError(decoder(Object.fromEntries(values)), (error) => {
    const field = /\["(\w+)"\]/.exec(error.message)?.[1] ?? "chunking_strategy"
    return invalid(field, `The field ${field} of the form is not understood: ${error.message}`)
  })
})

export interface ReadProcessForm {
  readonly fields: ProcessFields
  readonly content: FileBytes | { readonly fileId: string }
}

/** `limit`: the longest file, bytes. */
export const read = Effect.fnUntraced(function*(
  form: Stream.Stream<Multipart.Part, Multipart.MultipartError>,
  limit: number
) {
  const { fields: sent, file } = yield* FileForm.readOptional(form, {
    field: "file",
    limit,
    store: (_, content) => Effect.map(Stream.runCollect(content), (chunks) => Buffer.concat(chunks))
  })
  const fields = yield* decode(sent)
  if ((file === undefined) === (fields.file_id === undefined)) {
    return yield* invalid(
      "file",
      "Send either a file, as the part \"file\", or file_id, the id of one that is kept here."
    )
  }
  const content = file === undefined
    ? { fileId: fields.file_id ?? "" }
    : { name: file.filename, contentType: file.contentType, bytes: file.stored }
  return { fields, content } satisfies ReadProcessForm
})
