/**
 * A form in its bytes: each part is seen where it stands, so that one field changes and everything else stays as it was
 * sent, files and boundary included.
 */
import { Result } from "effect"
import { bufferOf } from "../bytes/WholeBody.ts"

export interface FormPart {
  readonly name: string
  /** Of a file, as its client calls it; undefined: it is a field. */
  readonly filename: string | undefined
  readonly contentType: string | undefined
  /** Where its content begins and ends in the form's bytes. */
  readonly start: number
  readonly end: number
}

export interface MultipartForm {
  readonly bytes: Buffer
  readonly boundary: string
  readonly parts: ReadonlyArray<FormPart>
  /** Where the last delimiter begins. */
  readonly end: number
}

/** More than any form of OpenAI's has: 16 images, their mask, and lists of fields. */
const mostParts = 256
const longestHead = 16_384

const lineEnd = "\r\n"
const headEnd = "\r\n\r\n"

/** Undefined: it is no form, or does not say how it is cut. */
export const boundaryOf = (contentType: string): string | undefined => {
  if (!/^\s*multipart\/form-data\s*(;|$)/i.test(contentType)) return undefined
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;",]{1,200}))/i.exec(contentType) ?? []
  return quoted ?? plain
}

const headerOf = (head: string, name: string): string | undefined =>
  head.split(lineEnd).find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1).trim()

/** Browsers and clients write a quotation mark in it as `%22`, or behind a backslash. */
const parameterOf = (header: string, name: string): string | undefined => {
  const [, quoted, plain] =
    new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, "i").exec(header) ?? []
  return quoted?.replaceAll(/\\(["\\])/g, "$1").replaceAll("%22", "\"") ?? plain
}

const partOf = (head: string, start: number, end: number): FormPart | undefined => {
  const disposition = headerOf(head, "content-disposition")
  const name = disposition === undefined ? undefined : parameterOf(disposition, "name")
  if (disposition === undefined || name === undefined) return undefined
  const filename = parameterOf(disposition, "filename") ?? parameterOf(disposition, "filename\\*")
  return { name, filename, contentType: headerOf(head, "content-type"), start, end }
}

/** Fails with what is wrong with it, for people. */
export const read = (body: Uint8Array, contentType: string): Result.Result<MultipartForm, string> => {
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) return Result.fail("It is no form: send multipart/form-data with its boundary.")
  const bytes = bufferOf(body)
  const delimiter = Buffer.from(`${lineEnd}--${boundary}`)
  const first = bytes.subarray(0, delimiter.length - lineEnd.length).equals(delimiter.subarray(lineEnd.length))
    ? -lineEnd.length
    : bytes.indexOf(delimiter)
  const parts: Array<FormPart> = []
  let at = first
  while (at !== -1) {
    const behind = at + delimiter.length
    if (bytes.subarray(behind, behind + 2).toString("latin1") === "--") {
      return Result.succeed({ bytes, boundary, parts, end: Math.max(0, at) })
    }
    const line = bytes.indexOf(lineEnd, behind)
    // A part may have no headers: then it has no name either.
    const head = line === -1 ? -1 : bytes.indexOf(headEnd, line)
    const next = head === -1 ? -1 : bytes.indexOf(delimiter, head + lineEnd.length)
    if (next === -1 || head - line > longestHead) break
    const start = head + headEnd.length
    const part = partOf(bytes.subarray(line, head).toString("utf8"), start, Math.max(start, next))
    if (part === undefined) return Result.fail(`The part ${parts.length + 1} of the form has no name.`)
    if (parts.push(part) > mostParts) return Result.fail(`The form has more than ${mostParts} parts.`)
    at = next
  }
  return Result.fail("The form ends before its last boundary, or has none that its content-type names.")
}

export const contentOf = ({ bytes }: MultipartForm, { end, start }: FormPart): Buffer => bytes.subarray(start, end)

/** Its bytes with this value in the field, wherever it stands; where it stands nowhere, at the end. */
export const withField = (form: MultipartForm, name: string, value: string): Buffer => {
  const { boundary, bytes, end, parts } = form
  const replaced = parts.filter((part) => part.name === name && part.filename === undefined)
  if (replaced.length === 0) {
    const head = `${
      end === 0 ? "" : lineEnd
    }--${boundary}${lineEnd}content-disposition: form-data; name="${name}"${headEnd}`
    // The first delimiter of a form without parts has no line end before it.
    const rest = end === 0 ? Buffer.concat([Buffer.from(lineEnd), bytes]) : bytes.subarray(end)
    return Buffer.concat([bytes.subarray(0, end), Buffer.from(head + value), rest])
  }
  const pieces: Array<Uint8Array> = []
  let copied = 0
  for (const part of replaced) {
    pieces.push(bytes.subarray(copied, part.start), Buffer.from(value))
    copied = part.end
  }
  return Buffer.concat([...pieces, bytes.subarray(copied)])
}
