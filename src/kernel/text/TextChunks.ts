/** Cuts a text into chunks of so many tokens that overlap: in linear time, at the ends of paragraphs and sentences. */
import type { StaticChunking } from "./ChunkingStrategy.ts"
import type { TextChunk } from "./ProcessedFile.ts"
import * as TextTokens from "./TextTokens.ts"

export type CutChunk = Omit<TextChunk, "metadata">

/** How good a place to cut is. */
const nowhere = 0
const betweenWords = 1
const lineEnd = 2
const sentenceEnd = 3
const paragraphEnd = 4

const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a)
const isNewline = (code: number): boolean => code === 10 || code === 13
const isSentenceMark = (code: number): boolean =>
  code === 46 || code === 33 || code === 63 || code === 0x3002 || code === 0xff01 || code === 0xff1f

/** Marks behind which a quotation or a bracket may close. */
const closing = new Set(["\"", "'", ")", "]", "\u201d", "\u2019"])

/** Looks back over few characters, so that it costs the same everywhere. */
const mostBlanks = 8

const qualityOf = (text: string, end: number): number => {
  if (end >= text.length) return paragraphEnd
  let at = end
  let newlines = 0
  let spaces = 0
  while (at > 0 && end - at < mostBlanks && isSpace(text.charCodeAt(at - 1))) {
    at--
    spaces++
    if (text.charCodeAt(at) === 10) newlines++
  }
  if (newlines > 1) return paragraphEnd
  const next = text.charCodeAt(end)
  // The space belongs to the next piece, as the tokenizer has it.
  if (spaces === 0 && !isSpace(next)) {
    const last = text.charCodeAt(end - 1)
    return last === 0x3002 || last === 0xff01 || last === 0xff1f ? sentenceEnd : nowhere
  }
  if (newlines === 0 && isNewline(next)) return nowhere
  if (newlines > 0) return lineEnd
  while (at > 0 && end - at < mostBlanks && closing.has(text.charAt(at - 1))) at--
  return isSentenceMark(text.charCodeAt(at - 1)) ? sentenceEnd : betweenWords
}

/** Where the pieces of a text end, and the tokens up to there. */
class Pieces {
  readonly ends: Array<number> = [0]
  readonly tokens: Array<number> = [0]
  readonly #text: string

  constructor(text: string, maxTokens: number) {
    this.#text = text
    TextTokens.pieces(text, maxTokens, (end, tokens) => {
      this.ends.push(end)
      this.tokens.push(this.tokens.at(-1)! + tokens)
    })
  }

  get last(): number {
    return this.ends.length - 1
  }

  between(first: number, end: number): number {
    return this.tokens[end]! - this.tokens[first]!
  }

  /** The best place to cut in (from, to], the latest of equals. */
  best(from: number, to: number): number {
    let best = to
    let quality = -1
    for (let at = to; at > from; at--) {
      const here = qualityOf(this.#text, this.ends[at]!)
      if (here > quality) {
        best = at
        quality = here
        if (quality === paragraphEnd) break
      }
    }
    return best
  }
}

/** The part of a chunk at whose end a cut is looked for. */
const flexible = 1 / 3

/** Chunks in their order; none is empty or of blanks alone. */
export const cut = (
  text: string,
  { chunk_overlap_tokens: overlap, max_chunk_size_tokens: max }: StaticChunking
): ReadonlyArray<CutChunk> => {
  const pieces = new Pieces(text, max)
  const { last } = pieces
  const chunks: Array<CutChunk> = []
  const add = (first: number, end: number): void => {
    const start = pieces.ends[first]!
    const stop = pieces.ends[end]!
    const part = text.slice(start, stop)
    if (part.trim() !== "") {
      chunks.push({ index: chunks.length, text: part, tokens: pieces.between(first, end), start, end: stop })
    }
  }

  let first = 0
  let end = 0
  while (end < last) {
    const before = end
    // What does not fit beside the overlap shortens the overlap.
    while (first < before && pieces.between(first, before + 1) > max) first++
    let reach = before + 1
    while (reach < last && pieces.between(first, reach + 1) <= max) reach++
    if (reach < last) {
      let from = reach
      while (from > before + 1 && pieces.between(first, from) > max * (1 - flexible)) from--
      reach = pieces.best(Math.max(before, from - 1), reach)
    }
    add(first, reach)
    end = reach
    first = overlapStart(pieces, end, first, overlap)
  }
  return chunks
}

/** Where the next chunk begins: within the overlap, and behind a good place to cut. */
const overlapStart = (pieces: Pieces, end: number, previous: number, overlap: number): number => {
  let earliest = end
  while (earliest - 1 > previous && pieces.between(earliest - 1, end) <= overlap) earliest--
  if (earliest === end) return end
  let latest = earliest
  while (latest < end - 1 && pieces.between(latest + 1, end) * 2 >= overlap) latest++
  return pieces.best(earliest - 1, latest)
}

/** All of it, as one chunk. */
export const whole = (text: string): ReadonlyArray<CutChunk> =>
  text.trim() === "" ? [] : [{ index: 0, text, tokens: TextTokens.count(text), start: 0, end: text.length }]
