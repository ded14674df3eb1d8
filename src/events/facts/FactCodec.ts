/**
 * How a fact is stored: a format version, a digest, and text, compressed where it pays. The text is a line of JSON that
 * says what there is, and behind it the texts themselves, none of them escaped.
 */
import { hash } from "node:crypto"
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import * as EventIds from "../types/EventIds.ts"
import * as Difference from "./BodyDifference.ts"
import type { Body, ExchangePart, Fact, Numbering, Part, StoredLevel } from "./Fact.ts"

/** Of the bytes as they are written here. What reads an earlier one stays. */
const format = 1

const plain = 0
const zstandard = 1

/** Characters from which on compression pays; `docs/decisions` has the figures. */
const leastCompressed = 16_384

const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

const digestBytes = 32
const headerBytes = 2 + digestBytes

const numberings: ReadonlyArray<Numbering> = ["request", "call", "session"]
const encodings: ReadonlyArray<Body["encoding"]> = ["utf-8", "base64"]

/** `[version, prunedAt]`; 0: not stored. */
type LevelEntry = 0 | readonly [number, number | null]

/** Frames as `[lengths, times]`; 0: no stream. */
type FramesEntry = 0 | readonly [ReadonlyArray<number>, ReadonlyArray<number>]

/** `length`, or the earlier body by its number among them and what differs: of `spliced` its middle's length. */
type TextEntry =
  | number
  | readonly [body: number]
  | readonly [body: number, find: string, replacement: string]
  | readonly [body: number, before: number, middle: number, after: number]

type BodyEntry = readonly [encoding: number, frames: FramesEntry, text: TextEntry]

type EventEntry = readonly [0, number, number, number, string | null, string, number, number]
type ExchangeEntry = readonly [
  kind: 1 | 2,
  numbering: number,
  counter: number,
  time: number,
  causationId: string | null,
  type: string,
  debug: LevelEntry,
  raw: LevelEntry,
  head: number | null,
  body: BodyEntry | null,
  excerpt: number | null
]

interface Header {
  /** Of the first part; the others have theirs as the difference. */
  readonly time: number
  readonly debugBytes: number
  readonly call: readonly [path: string, attempt: number, provider: string] | null
  readonly parts: ReadonlyArray<EventEntry | ExchangeEntry>
}

const levelOf = (entry: LevelEntry): StoredLevel | null =>
  entry === 0 ? null : { schemaVersion: entry[0], prunedAt: entry[1] }

/** The entry of a body, and the text it adds. */
const bodyEntry = ({ encoding, frames, text }: Body, bodies: ReadonlyArray<Body>): [BodyEntry, added: string] => {
  const last = bodies.length - 1
  const difference = last === -1 ? undefined : Difference.between(bodies[last]!.text, text)
  const ofFrames: FramesEntry = frames === null ? 0 : [frames.lengths, frames.times]
  const of = (entry: TextEntry): BodyEntry => [encodings.indexOf(encoding), ofFrames, entry]
  if (difference === undefined) return [of(text.length), text]
  if (difference.kind === "same") return [of([last]), ""]
  if (difference.kind === "replaced") return [of([last, difference.find, difference.replacement]), ""]
  const { after, before, middle } = difference
  return [of([last, before, middle.length, after]), middle]
}

/** The bytes to store. */
export const encode = ({ call, debugBytes, isAltered = false, parts }: Fact): Buffer => {
  const { time: since } = parts[0]!
  const entries: Array<EventEntry | ExchangeEntry> = []
  const bodies: Array<Body> = []
  let texts = ""
  for (const part of parts) {
    const { causationId, counter, numbering, time, type } = part
    const common = [numberings.indexOf(numbering), counter, time - since, causationId, type] as const
    if (part.kind === "event") {
      texts += part.payload
      entries.push([0, ...common, part.schemaVersion, part.payload.length])
      continue
    }
    const { body, debug, excerpt, head, kind, raw } = part
    texts += head ?? ""
    const [entry, added] = body === null ? [null, ""] : bodyEntry(body, bodies)
    if (body !== null) bodies.push(body)
    texts += added + (excerpt ?? "")
    entries.push([
      kind === "request" ? 1 : 2,
      ...common,
      debug === null ? 0 : [debug.schemaVersion, debug.prunedAt],
      raw === null ? 0 : [raw.schemaVersion, raw.prunedAt],
      head === null ? null : head.length,
      entry,
      excerpt === null ? null : excerpt.length
    ])
  }
  const header: Header = {
    time: since,
    debugBytes,
    call: call === null ? null : [call.path, call.attempt, call.provider],
    parts: entries
  }
  return written(`${JSON.stringify(header)}\n${texts}`, isAltered)
}

const written = (text: string, isAltered: boolean): Buffer => {
  if (text.length >= leastCompressed) {
    const bytes = Buffer.from(text)
    const digest = isAltered ? Buffer.alloc(digestBytes) : hash("sha256", bytes, "buffer")
    return Buffer.concat([Buffer.from([format, zstandard]), digest, zstdCompressSync(bytes, compression)])
  }
  const bytes = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(text))
  bytes[0] = format
  bytes[1] = plain
  bytes.write(text, headerBytes)
  // What was altered stays so, whatever is done to it.
  if (isAltered) bytes.fill(0, 2, headerBytes)
  else hash("sha256", bytes.subarray(headerBytes), "buffer").copy(bytes, 2)
  return bytes
}

class Reader {
  readonly #text: string
  readonly #bodies: Array<string> = []
  #at: number

  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
  }

  text(length: number): string {
    return this.#text.slice(this.#at, this.#at += length)
  }

  #textOf(entry: TextEntry): string {
    if (typeof entry === "number") return this.text(entry)
    const earlier = this.#bodies[entry[0]]!
    if (entry.length === 1) return earlier
    if (entry.length === 3) {
      return Difference.apply(earlier, { kind: "replaced", find: entry[1], replacement: entry[2] })
    }
    const [, before, middle, after] = entry
    return Difference.apply(earlier, { kind: "spliced", before, middle: this.text(middle), after })
  }

  body([encoding, frames, entry]: BodyEntry): Body {
    const text = this.#textOf(entry)
    this.#bodies.push(text)
    return {
      text,
      encoding: encodings[encoding]!,
      frames: frames === 0 ? null : { lengths: frames[0], times: frames[1] }
    }
  }

  part(entry: EventEntry | ExchangeEntry, since: number): Part {
    const [, numbering, counter, time, causationId, type] = entry
    const common = { numbering: numberings[numbering]!, counter, time: since + time, causationId, type }
    if (entry[0] === 0) return { kind: "event", ...common, schemaVersion: entry[6], payload: this.text(entry[7]) }
    const [kind, , , , , , debug, raw, head, body, excerpt] = entry
    return {
      kind: kind === 1 ? "request" : "answer",
      ...common,
      debug: levelOf(debug),
      raw: levelOf(raw),
      head: head === null ? null : this.text(head),
      body: body === null ? null : this.body(body),
      excerpt: excerpt === null ? null : this.text(excerpt)
    } satisfies ExchangePart
  }
}

/** What stands beside the bytes. */
export type Columns = Pick<Fact, "requestId" | "sessionId" | "parentSessionId" | "principal">

const headerOf = (text: string, end: number): Header => JSON.parse(text.slice(0, end))

/** What can't be read at all any more was changed by another hand as well. */
const read = <A>(columns: Columns, work: () => A): A => {
  try {
    return work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`the fact of request ${columns.requestId} was changed by another hand: ${reason}`, { cause })
  }
}

/** The fact of stored bytes. One whose bytes were changed by another hand says so. */
export const decode = (stored: Uint8Array, columns: Columns): Fact => {
  if (stored[0] !== format) throw new Error(`a fact has format ${stored[0]}: a newer Strata wrote it, update this one`)
  return read(columns, () => {
    const content = stored.subarray(headerBytes)
    const bytes = stored[1] === zstandard ? zstdDecompressSync(content) : content
    const isAltered = !hash("sha256", bytes, "buffer").equals(stored.subarray(2, headerBytes))
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")
    const end = text.indexOf("\n")
    const { call, debugBytes, parts, time } = headerOf(text, end)
    const reader = new Reader(text, end + 1)
    return {
      ...columns,
      debugBytes,
      call: call === null ? null : {
        id: EventIds.ofCall(columns.requestId, call[0]),
        path: call[0],
        attempt: call[1],
        provider: call[2]
      },
      parts: parts.map((part) => reader.part(part, time)),
      ...(isAltered ? { isAltered } : {})
    }
  })
}
