/** A body that is there: its text; or its bytes, where they are no UTF-8 and have to pass as they are. */
import { isUtf8 } from "node:buffer"
import type { Body } from "../../events/facts/Fact.ts"

export type WholeBody = string | Uint8Array

/** The same bytes, not copied. */
export const bufferOf = ({ buffer, byteLength, byteOffset }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

export const of = (bytes: Uint8Array): WholeBody => {
  if (!isUtf8(bytes)) return bytes
  return (bytes instanceof Buffer ? bytes : bufferOf(bytes)).toString("utf8")
}

/** What it says to who reads it: without a mark of its encoding, and with a sign for what is no text. */
export const textOf = (body: WholeBody): string => {
  const text = typeof body === "string" ? body : bufferOf(body).toString("utf8")
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** As a fact holds it. */
export const stored = (body: WholeBody): Body =>
  typeof body === "string"
    ? { text: body, encoding: "utf-8", frames: null }
    : { text: bufferOf(body).toString("base64"), encoding: "base64", frames: null }

/** Of what a raw event holds. */
export const fromTraffic = ({ body = "", encoding }: {
  readonly body?: string
  readonly encoding: Body["encoding"]
}): WholeBody => encoding === "utf-8" ? body : Buffer.from(body, "base64")
