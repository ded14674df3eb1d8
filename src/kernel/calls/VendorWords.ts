/** What a vendor says of a failure, as its client may read it: without the keys that this server knows. */
import { isUtf8 } from "node:buffer"
import type { Redactor } from "../../events/redaction/Redactor.ts"

type Headers = Readonly<Record<string, string>>

/** Stands in what says that something failed, in whatever dialect. */
const mark = "error"

export const ofHeaders = (headers: Headers, redactor: Redactor): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.forClient(value)]))

/** A body, or frames, of an answer that may be a failure under another name. */
export const ofText = (text: string, redactor: Redactor): string =>
  text.includes(mark) ? redactor.forClient(text) : text

/** The same of bytes. */
export const ofBytes = (bytes: Uint8Array, redactor: Redactor): Uint8Array => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!buffer.includes(mark)) return bytes
  const encoding = isUtf8(buffer) ? "utf8" : "latin1"
  const text = buffer.toString(encoding)
  const masked = redactor.forClient(text)
  return masked === text ? bytes : Buffer.from(masked, encoding)
}
