/**
 * How a fact is stored: a format version, a digest, and text, compressed where it pays. The text is a line of JSON that
 * says what there is, and behind it the texts themselves, none of them escaped.
 */
import { hash } from "node:crypto"
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import type { BodyDifference } from "./BodyDifference.ts"
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

const levelEntry = (level: StoredLevel | null): LevelEntry => level === null ? 0 : [level.schemaVersion, level.prunedAt]

const levelOf = (entry: LevelEntry): StoredLevel | null =>
  entry === 0 ? null : { schemaVersion: entry[0], prunedAt: entry[1] }

class Writer {
  readonly #texts: Array<string> = []
  readonly #bodies: Array<Body> = []

  text(text: string | null): number | null {
    if (text === null) return null
    this.#texts.push(text)
    return text.length
  }

  #referred(body: number, difference: BodyDifference): TextEntry {
    if (difference.kind === "same") return [body]
    if (difference.kind === "replaced") return [body, difference.find, difference.replacement]
    this.#texts.push(difference.middle)
    return [body, difference.before, difference.middle.length, difference.after]
  }

  body(body: Body | null): BodyEntry | null {
    if (body === null) return null
    const last = this.#bodies.length - 1
    const difference = last === -1 ? undefined : Difference.between(this.#bodies[last]!.text, body.text)
    const entry = difference === undefined ? this.text(body.text)! : this.#referred(last, difference)
    this.#bodies.push(body)
    return [
      encodings.indexOf(body.encoding),
      body.frames === null ? 0 : [body.frames.lengths, body.frames.times],
      entry
    ]
  }

  part(part: Part, since: number): EventEntry | ExchangeEntry {
    const { causationId, counter, numbering, time, type } = part
    const common = [numberings.indexOf(numbering), counter, time - since, causationId, type] as const
    return part.kind === "event"
      ? [0, ...common, part.schemaVersion, this.text(part.payload)!]
      : [
        part.kind === "request" ? 1 : 2,
        ...common,
        levelEntry(part.debug),
        levelEntry(part.raw),
        this.text(part.head),
        this.body(part.body),
        this.text(part.excerpt)
      ]
  }

  join(header: Header): string {
    return `${JSON.stringify(header)}\n${this.#texts.join("")}`
  }
}

/** The bytes to store. */
export const encode = ({ call, debugBytes, isAltered = false, parts }: Fact): Buffer => {
  const writer = new Writer()
  const { time } = parts[0]!
  const text = writer.join({
    time,
    debugBytes,
    call: call === null ? null : [call.path, call.attempt, call.provider],
    parts: parts.map((part) => writer.part(part, time))
  })
  const bytes = Buffer.from(text)
  const isLong = text.length >= leastCompressed
  const header = Buffer.from([format, isLong ? zstandard : plain])
  const content = isLong ? zstdCompressSync(bytes, compression) : bytes
  // What was altered stays so, whatever is done to it.
  const digest = isAltered ? Buffer.alloc(digestBytes) : hash("sha256", bytes, "buffer")
  return Buffer.concat([header, digest, content])
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
      call: call === null ? null : { path: call[0], attempt: call[1], provider: call[2] },
      parts: parts.map((part) => reader.part(part, time)),
      ...(isAltered ? { isAltered } : {})
    }
  })
}
