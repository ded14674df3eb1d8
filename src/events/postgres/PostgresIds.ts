/**
 * How ids stand in PostgreSQL: a UUID as its 16 bytes. An id has two halves, what it has in common with those of its request
 * (`EventIds.commonOf`), and the rest: where one is no half of a UUID, it stands as text behind a byte that no text has.
 */
import * as EventIds from "../types/EventIds.ts"

const beforeText = 0xff

/** What begins like a text is taken for one: no clock makes such a UUIDv7, and no variant. */
const common = "(?!ff)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"
const rest = "(?!ff)[0-9a-f]{4}-[0-9a-f]{12}"

const isUuid = new RegExp(`^${common}${rest}$`)
const beginsAsUuid = new RegExp(`^${common}`)

const commonLength = EventIds.commonOf("x".repeat(36)).length
const commonBytes = 8

const ofDigits = (text: string): Buffer => Buffer.from(text.replaceAll("-", ""), "hex")
const ofText = (text: string): Buffer => Buffer.concat([Buffer.of(beforeText), Buffer.from(text)])

export const toBytes = (id: string): Buffer => {
  if (isUuid.test(id)) return ofDigits(id)
  return beginsAsUuid.test(id)
    ? Buffer.concat([ofDigits(id.slice(0, commonLength)), ofText(id.slice(commonLength))])
    : ofText(id)
}

export const ofBytes = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes[0] === beforeText) return buffer.toString("utf8", 1)
  const digits = buffer.toString("hex", 0, 16)
  const begin = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-`
  return bytes[commonBytes] === beforeText
    ? begin + buffer.toString("utf8", commonBytes + 1)
    : `${begin}${digits.slice(16, 20)}-${digits.slice(20)}`
}

/** What all ids begin with whose texts begin with what those of a request have in common. */
export const prefixOf = (text: string): Buffer => beginsAsUuid.test(text) ? ofDigits(text) : ofText(text)

/** In SQL: behind every id with such a prefix. */
export const behind = (prefix: string): string => `${prefix} || '\\x${"ff".repeat(16)}'::bytea`

/** In SQL: the bytes of an id that is a text. */
export const fromText = (id: string): string => {
  const digits = (text: string) => `decode(replace(${text}, '-', ''), 'hex')`
  const texts = (text: string) => `'\\xff'::bytea || convert_to(${text}, 'UTF8')`
  return `CASE WHEN ${id} ~ '^${common}${rest}$' THEN ${digits(id)}
    WHEN ${id} ~ '^${common}' THEN ${digits(`left(${id}, ${commonLength})`)} || ${
    texts(`substr(${id}, ${commonLength + 1})`)
  }
    ELSE ${texts(id)} END`
}

/** A cause that is an event of the request: its counter, in two bytes, unless it begins as a text does. */
const mostCounted = beforeText * 256 - 1

export const causeToBytes = (id: string, requestId: string | null): Buffer => {
  const counter = requestId === null ? undefined : EventIds.counterOf(requestId, id)
  return counter === undefined || counter > mostCounted ? toBytes(id) : Buffer.of(counter >>> 8, counter & 0xff)
}

export const causeOfBytes = (bytes: Uint8Array, requestId: string | null): string =>
  bytes.length === 2 && bytes[0] !== beforeText && requestId !== null
    ? EventIds.nth(requestId, bytes[0]! * 256 + bytes[1]!)
    : ofBytes(bytes)
