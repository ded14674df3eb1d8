/** Reads a form as it comes: the file goes to its storage at once, whatever of the fields comes before or behind it. */
import { Effect, Schema, Stream } from "effect"
import { Multipart } from "effect/http"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import { FileTooLarge } from "./FilesErrors.ts"

export interface SentFile {
  readonly filename: string
  readonly contentType: string
  /** The form's purpose, where it came before the file. */
  readonly purpose?: string
}

/** What was read: the fields by their names, `expires_after[seconds]` as they are written, and what became of the file. */
export interface ReadForm<A> {
  readonly fields: Readonly<Record<string, string>>
  readonly file: SentFile & { readonly stored: A }
}

type Form = Stream.Stream<Multipart.Part, Multipart.MultipartError>

export interface Reading<A, E, R> {
  /** Which part is the file. */
  readonly field: string
  readonly limit: number
  /** Gets its bytes, `limit` of them at most. */
  readonly store: (
    file: SentFile,
    content: Stream.Stream<Uint8Array, DocumentInvalid | FileTooLarge>
  ) => Effect.Effect<A, E, R>
}

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "file", field, message })

const longestName = 512

/** A path is no name: of one, the last part counts, as browsers that send one mean it. */
export const nameOf = (sent: string): string => {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  const name = sent.split(/[/\\]/).at(-1)!.replaceAll(/[\u0000-\u001f\u007f]/g, "").trim()
  if (/^\.+$/.test(name)) return ""
  // Half a character, sent or cut, is none.
  return name.slice(0, longestName).toWellFormed()
}

const refusal = ({ message, reason }: Multipart.MultipartError, field: string, limit: number) => {
  switch (reason._tag) {
    case "FileTooLarge":
    case "BodyTooLarge":
      return new FileTooLarge({ field, limit })
    case "FieldTooLarge":
    case "TooManyParts":
      return invalid(field, `The form has more, or longer, fields than are read (${reason._tag}).`)
    default:
      return invalid(field, `The body is no form that could be read to its end (multipart/form-data): ${message}`)
  }
}

/** The same of a form that may have no file. */
export const readOptional = <A, E, R>(
  parts: Form,
  { field, limit, store }: Reading<A, E, R>
): Effect.Effect<
  Omit<ReadForm<A>, "file"> & { readonly file: ReadForm<A>["file"] | undefined },
  E | DocumentInvalid | FileTooLarge,
  R
> =>
  Effect.gen(function*() {
    const fields = new Map<string, string>()
    let file: ReadForm<A>["file"] | undefined
    const refused = (error: Multipart.MultipartError) => refusal(error, field, limit)
    yield* parts.pipe(
      Stream.mapError(refused),
      Stream.runForEach((part): Effect.Effect<void, E | DocumentInvalid | FileTooLarge, R> => {
        if (Multipart.isField(part)) return Effect.sync(() => void fields.set(part.key, part.value))
        if (part.key !== field || file !== undefined) {
          return Effect.fail(invalid(part.key, `The form takes one file, in the part "${field}".`))
        }
        const purpose = fields.get("purpose")
        const sent: SentFile = {
          filename: nameOf(part.name),
          contentType: part.contentType === "" ? "application/octet-stream" : part.contentType,
          ...purpose === undefined ? {} : { purpose }
        }
        let taken = 0
        const content = part.content.pipe(
          Stream.mapError(refused),
          Stream.mapEffect((chunk) =>
            (taken += chunk.length) > limit ? Effect.fail(new FileTooLarge({ field, limit })) : Effect.succeed(chunk)
          )
        )
        return Effect.map(store(sent, content), (stored) => void (file = { ...sent, stored }))
      })
    )
    return { fields: Object.fromEntries(fields), file }
  })

export const read = <A, E, R>(
  parts: Form,
  reading: Reading<A, E, R>
): Effect.Effect<ReadForm<A>, E | DocumentInvalid | FileTooLarge, R> =>
  Effect.flatMap(readOptional(parts, reading), ({ fields, file }) =>
    file === undefined
      ? Effect.fail(
        invalid(reading.field, `The form has no file: send it as the part "${reading.field}" with a name.`)
      )
      : Effect.succeed({ fields, file }))

/** `expires_after[seconds]` as `{ expires_after: { seconds } }`. */
const nested = (fields: Readonly<Record<string, string>>): Schema.JsonObject => {
  // Whatever they are called: a name of JavaScript's own, as a key of an object, would reach what all objects have.
  const all = Object.entries(fields).map(([name, value]) => [/^(\w+)\[(\w+)\]$/.exec(name), name, value] as const)
  const groups = Map.groupBy(all.filter(([inner]) => inner !== null), ([inner]) => inner![1]!)
  return Object.fromEntries<Schema.Json>([
    ...all.filter(([inner]) => inner === null).map(([, name, value]) => [name, value] as const),
    ...[...groups].map(([name, members]) =>
      [name, Object.fromEntries(members.map(([inner, , value]) => [inner![2]!, value]))] as const
    )
  ])
}

/** A number comes as text in a form. */
const withNumbers = (value: Schema.JsonObject): Schema.JsonObject => {
  const { expires_after } = value
  if (typeof expires_after !== "object" || expires_after === null || Array.isArray(expires_after)) return value
  const { seconds } = expires_after as Schema.JsonObject
  return {
    ...value,
    expires_after: { ...expires_after, seconds: typeof seconds === "string" ? Number(seconds) : null }
  }
}

/** The fields of a form by their Schema; says which one is wrong. */
export const decode = <S extends Schema.Codec<unknown, unknown>>(schema: S) => {
  const decoder = Schema.decodeUnknownEffect(schema)
  return (fields: Readonly<Record<string, string>>): Effect.Effect<S["Type"], DocumentInvalid> =>
    Effect.mapError(decoder(withNumbers(nested(fields))), (error) => {
      const field = /\["(\w+)"\]/.exec(error.message)?.[1] ?? "purpose"
      return invalid(field, `The field ${field} of the form is not understood: ${error.message}`)
    })
}
