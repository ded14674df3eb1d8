/** A form with a file in it, as it is sent: the bytes of the file go out as they come. */
import { Stream } from "effect"
import { HttpBody } from "effect/http"

export interface SentFile {
  /** The field of the form it is in. */
  readonly field: string
  readonly filename: string
  readonly contentType: string
}

const boundary = "strata-part-5f1d0c9a7b3e4f62"
const lineBreak = "\r\n"
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text)

/** As browsers write names in forms. */
const quoted = (text: string): string => text.replaceAll("\"", "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")

const fieldOf = ([name, value]: readonly [string, string]): ReadonlyArray<string> => [
  `--${boundary}`,
  `Content-Disposition: form-data; name="${quoted(name)}"`,
  "",
  value
]

export const make = <E>(
  fields: Readonly<Record<string, string>>,
  { contentType, field, filename }: SentFile,
  content: Stream.Stream<Uint8Array, E>
): HttpBody.Stream => {
  const head = [
    ...Object.entries(fields).flatMap(fieldOf),
    `--${boundary}`,
    `Content-Disposition: form-data; name="${field}"; filename="${quoted(filename)}"`,
    `Content-Type: ${contentType.replaceAll(/[\r\n]/g, "")}`,
    "",
    ""
  ]
  const end = encoded(`${lineBreak}--${boundary}--${lineBreak}`)
  const whole = Stream.concat(Stream.make(encoded(head.join(lineBreak))), Stream.concat(content, Stream.make(end)))
  return HttpBody.stream(whole, `multipart/form-data; boundary=${boundary}`)
}
