/** The parts of a form that uploads a skill. */
import { Effect } from "effect"
import { bufferOf } from "../../kernel/bytes/WholeBody.ts"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as MultipartForm from "../../kernel/media/MultipartForm.ts"
import { bounds } from "./SkillBundle.ts"
import type { ZipEntry } from "./ZipReader.ts"

export interface SkillUpload {
  readonly files: ReadonlyArray<ZipEntry>
  /** Whether the version is to be the default one; undefined: nothing is said. */
  readonly isDefault: boolean | undefined
}

const names = new Set(["files", "files[]"])

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "skill", field, message })

const notForm = () => invalid("files", "The body is no form: send multipart/form-data with its boundary.")

const filesOf = (parts: FormData) =>
  Effect.forEach([...parts].filter(([name]) => names.has(name)), ([name, value]) =>
    typeof value === "string"
      ? Effect.fail(invalid(name, "A part of files is a file: send it with a filename."))
      : Effect.map(
        Effect.promise(() => value.arrayBuffer()),
        (buffer): ZipEntry => ({ path: value.name, bytes: new Uint8Array(buffer) })
      ))

/** Parts of a form are counted before they are read: each of them takes time in which nobody else is served. */
const partsIn = (body: Uint8Array, contentType: string): number => {
  const boundary = MultipartForm.boundaryOf(contentType)
  if (boundary === undefined) return 0
  const bytes = bufferOf(body)
  const line = Buffer.from(`--${boundary}`)
  let count = 0
  for (let at = bytes.indexOf(line); at >= 0; at = bytes.indexOf(line, at + line.length)) count++
  return count
}

/** The files, what else a client says, and the line at the end. */
const mostParts = bounds.maxEntries + 10

export const read = Effect.fnUntraced(function*(
  body: Uint8Array,
  contentType: string
): Effect.fn.Return<SkillUpload, DocumentInvalid> {
  if (partsIn(body, contentType) > mostParts) {
    return yield* invalid(
      "files",
      `The form has more than ${mostParts} parts: at most ${bounds.maxEntries} files are taken.`
    )
  }
  const parts = yield* Effect.tryPromise({
    try: () => new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData(),
    catch: notForm
  })
  const given = parts.get("default")
  if (given !== null && given !== "true" && given !== "false") {
    return yield* invalid("default", "default is true or false.")
  }
  return { files: yield* filesOf(parts), isDefault: given === null ? undefined : given === "true" }
})
