/** `data:` URLs (RFC 2397): what they hold, in base64. Each is read in one walk over its text, however long it is. */
import { Predicate } from "effect"

export interface DataUrl {
  /** Type and subtype, in small letters: `text/plain` where none is named. */
  readonly mediaType: string
  /** Whether it says so itself. */
  readonly isNamed: boolean
  /** Of text, where it is named: `utf-8`. */
  readonly charset?: string
  readonly data: string
}

const scheme = "data:"

const plain = "text/plain"

export const isDataUrl = (url: unknown): url is string =>
  Predicate.isString(url) && url.slice(0, scheme.length).toLowerCase() === scheme

const mediaType = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/

/** Characters in front of what it holds: nobody needs more. */
const longestHead = 1000

/** Where what it holds begins behind a comma; a quoted value may have one, too. -1: nowhere. */
const commaOf = (url: string): number => {
  let isQuoted = false
  for (let at = scheme.length; at < Math.min(url.length, longestHead); at++) {
    const character = url[at]
    if (character === "\\" && isQuoted) at++
    else if (character === "\"") isQuoted = !isQuoted
    else if (character === "," && !isQuoted) return at
  }
  return -1
}

const digitOf = (code: number | undefined): number => {
  if (code === undefined) return -1
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** With the bytes that stand there as `%` and two digits; what is no such thing stands for itself. */
const bytesOf = (text: string): Buffer => {
  const bytes = Buffer.from(text, "utf8")
  if (!text.includes("%")) return bytes
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    const [high, low] = byte === 37 ? [digitOf(bytes[at + 1]), digitOf(bytes[at + 2])] : [-1, -1]
    const isEscaped = high >= 0 && low >= 0
    bytes[length++] = isEscaped ? high * 16 + low : byte
    if (isEscaped) at += 2
  }
  return bytes.subarray(0, length)
}

/** What each character of base64 is, by its code: 1 a digit, 2 one of the alphabet of URLs, 3 white space, 4 what fills it up. */
const kinds = new Uint8Array(128)
for (const [kind, characters] of ["A-Za-z\\d+/", "_-", "\\s", "="].entries()) {
  const ofKind = new RegExp(`[${characters}]`)
  for (let code = 0; code < kinds.length; code++) if (ofKind.test(String.fromCharCode(code))) kinds[code] = kind + 1
}

/** As vendors read it: in the usual alphabet, without white space, filled up. Undefined for what is no base64. */
export const base64Of = (given: string): string | undefined => {
  const whole = given.includes("%") ? bytesOf(given).toString("latin1") : given
  let [digits, filling, others] = [0, 0, 0]
  for (let at = 0; at < whole.length; at++) {
    const kind = kinds[whole.charCodeAt(at)] ?? 0
    if (kind === 0 || kind < 3 && filling > 0) return undefined
    if (kind === 4) filling++
    else if (kind < 3) digits++
    if (kind === 2 || kind === 3) others++
  }
  if (digits % 4 === 1 || filling > 2) return undefined
  if (others > 0) return Buffer.from(whole, "base64").toString("base64")
  return whole.length % 4 === 0 ? whole : whole.slice(0, digits).padEnd(Math.ceil(digits / 4) * 4, "=")
}

const charsetIn = (parameters: ReadonlyArray<string>): { readonly charset?: string } => {
  for (const each of parameters) {
    const [name = "", value = ""] = each.split("=", 2)
    if (name.trim().toLowerCase() === "charset") return { charset: value.trim().replaceAll("\"", "").toLowerCase() }
  }
  return {}
}

/** Undefined for what is none, or can't be read. */
export const read = (url: unknown): DataUrl | undefined => {
  if (!isDataUrl(url)) return undefined
  const comma = commaOf(url)
  if (comma === -1) return undefined
  const [named = "", ...parameters] = url.slice(scheme.length, comma).split(";")
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === "base64"
  const type = named.trim().toLowerCase()
  if (type !== "" && !mediaType.test(type)) return undefined
  const fragment = url.indexOf("#", comma)
  const body = url.slice(comma + 1, fragment === -1 ? undefined : fragment)
  const data = isBase64 ? base64Of(body) : bytesOf(body).toString("base64")
  if (data === undefined) return undefined
  return { mediaType: type === "" ? plain : type, isNamed: type !== "", ...charsetIn(parameters), data }
}

/** What is said of one that can't be read, behind what names it. */
export const unreadable =
  "begins as a data: URL and can't be read as one: send data:<type>;base64,<its bytes in base64>, as " +
  "data:image/png;base64,iVBORw0KGgo=."

/** `data`: in base64. */
export const write = ({ charset, data, mediaType }: Pick<DataUrl, "charset" | "data" | "mediaType">): string =>
  `${scheme}${mediaType}${charset === undefined ? "" : `;charset=${charset}`};base64,${data}`

/** What the source of a block holds; undefined where it says only where that is, or can't be read. */
export const inSource = (
  { data, media_type, url }: { readonly data?: unknown; readonly media_type?: unknown; readonly url?: unknown }
): { readonly mediaType: string | undefined; readonly data: string } | undefined =>
  Predicate.isString(data) ? { mediaType: Predicate.isString(media_type) ? media_type : undefined, data } : read(url)
