/** Masks a streamed answer: within its frames, and where a secret's text comes in pieces, frame by frame. */
import * as EventStreamMessage from "../types/EventStreamMessage.ts"
import type { CapturedStream } from "../types/StreamCapture.ts"
import { closing, decode } from "./JsonStrings.ts"
import { cover, merge } from "./Mask.ts"
import type { Redactor } from "./Redactor.ts"

/** The keys under which vendors stream a text piece by piece. */
const keys = "content|text|input|arguments|partial_json|thinking|reasoning|reasoning_content|refusal|delta"

const opening = new RegExp(String.raw`"(${keys})":\s?"`, "g")

interface Piece {
  readonly frame: number
  /** Where its content stands in the frame. */
  readonly start: number
  readonly end: number
  readonly value: string
}

/** The pieces of each text. */
const piecesOf = (frames: ReadonlyArray<string>): ReadonlyMap<string, ReadonlyArray<Piece>> => {
  const texts = new Map<string, Array<Piece>>()
  for (const [frame, text] of frames.entries()) {
    opening.lastIndex = 0
    for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
      const start = opening.lastIndex
      const end = closing(text, start)
      if (end === -1) break
      opening.lastIndex = end + 1
      const piece = { frame, start, end, value: decode(text.slice(start, end)) }
      const key = match[1]!
      const earlier = texts.get(key)
      if (earlier === undefined) texts.set(key, [piece])
      else earlier.push(piece)
    }
  }
  return texts
}

/**
 * The texts that a stream gives in pieces, joined, one behind the other: to be searched for secrets before the stream is
 * taken apart. Undefined for bytes that are no text.
 */
export const textInPieces = ({ encoding, text }: Pick<CapturedStream, "encoding" | "text">): string | undefined => {
  if (encoding !== "utf-8") return undefined
  const joined: Record<string, string> = {}
  opening.lastIndex = 0
  // A match would be an object for each frame: where one ends says as much.
  while (opening.test(text)) {
    const start = opening.lastIndex
    const end = closing(text, start)
    if (end === -1) break
    opening.lastIndex = end + 1
    const keyEnd = text.lastIndexOf("\"", start - 2)
    const key = text.slice(text.lastIndexOf("\"", keyEnd - 1) + 1, keyEnd)
    joined[key] = (joined[key] ?? "") + decode(text.slice(start, end))
  }
  return Object.values(joined).join("\n")
}

interface Edit extends Piece {
  readonly masked: string
}

/** What changes in the pieces of one text: the mask stands in the piece in which the secret begins. */
const editsOf = (pieces: ReadonlyArray<Piece>, redactor: Redactor): ReadonlyArray<Edit> => {
  const ranges = merge(redactor.ranges(pieces.map(({ value }) => value).join("")))
  if (ranges.length === 0) return []
  let offset = 0
  return pieces.flatMap((piece) => {
    const from = offset
    const to = offset += piece.value.length
    const within = ranges.filter(({ end, start }) => start < to && end > from).map(({ end, mask, start }) => ({
      start: Math.max(0, start - from),
      end: Math.min(to, end) - from,
      mask: start < from ? "" : mask
    }))
    return within.length === 0 ? [] : [{ ...piece, masked: cover(piece.value, within) }]
  })
}

const write = (text: string, edits: ReadonlyArray<Edit>): string => {
  let written = ""
  let from = 0
  for (const { end, masked, start } of [...edits].sort((one, other) => one.start - other.start)) {
    written += text.slice(from, start) + JSON.stringify(masked).slice(1, -1)
    from = end
  }
  return written + text.slice(from)
}

const acrossFrames = (frames: ReadonlyArray<string>, redactor: Redactor): ReadonlyArray<string> => {
  const edits = [...piecesOf(frames).values()].flatMap((pieces) => pieces.length < 2 ? [] : editsOf(pieces, redactor))
  if (edits.length === 0) return frames
  const byFrame = Map.groupBy(edits, ({ frame }) => frame)
  return frames.map((text, frame) => write(text, byFrame.get(frame) ?? []))
}

const inText = (frames: ReadonlyArray<string>, redactor: Redactor): ReadonlyArray<string> =>
  acrossFrames(frames, redactor).map((text) => redactor.text(text))

const written = (masked: string, before: string): string =>
  Buffer.from(EventStreamMessage.resealed(Buffer.from(masked, "latin1"), Buffer.from(before, "latin1"))).toString(
    "base64"
  )

/** Bytes that are no text: what is secret in them is ASCII. Messages of an event stream can be read as before. */
const inBase64 = (frames: ReadonlyArray<string>, redactor: Redactor): ReadonlyArray<string> => {
  const texts = frames.map((frame) => Buffer.from(frame, "base64").toString("latin1"))
  const edits = editsOf(texts.map((value, frame) => ({ frame, start: 0, end: value.length, value })), redactor)
  const covered = new Map(edits.map(({ frame, masked }) => [frame, masked]))
  return inText(texts.map((text, frame) => covered.get(frame) ?? text), redactor).map((masked, index) =>
    masked === texts[index] ? frames[index]! : written(masked, texts[index]!)
  )
}

/** Frames as they may be stored. */
export const frames = (
  given: ReadonlyArray<string>,
  encoding: CapturedStream["encoding"],
  redactor: Redactor
): ReadonlyArray<string> => encoding === "base64" ? inBase64(given, redactor) : inText(given, redactor)
