/** The text of a file, and its parts, of the chunks that another server has made: what stands in none is spaces. */
import type { TextChunk, TextPart } from "../../../kernel/text/ProcessedFile.ts"

const window = /^(\d{1,15})-(\d{1,15})$/

/** Where a chunk stands, where it is known; else from the beginning. */
export const windowOf = (text: string, content: string): readonly [start: number, end: number] => {
  const [, start, end] = window.exec(text) ?? []
  return start === undefined || end === undefined ? [0, content.length] : [Number(start), Number(end)]
}

interface Extent {
  /** How long the text is, and how many parts it has, as the other server says. */
  readonly characters: number
  readonly parts: number
}

/** No more than this is made up where a server's numbers are none. */
const most = 64 * 1024 * 1024
const mostParts = 100_000

const textOf = (chunks: ReadonlyArray<TextChunk>, characters: number): string => {
  let text = ""
  for (const { start, text: piece } of chunks) {
    if (start > text.length) text += " ".repeat(Math.min(start, most) - text.length)
    text += piece.slice(Math.max(0, text.length - start))
  }
  return text.padEnd(Math.min(characters, most))
}

/** Chunks that stand at one place are of one part. */
const partsOf = (chunks: ReadonlyArray<TextChunk>, parts: number): ReadonlyArray<TextPart> => {
  const byPlace = Map.groupBy(chunks, ({ metadata }) => JSON.stringify(metadata))
  const made = [...byPlace.values()].map((some) => ({
    text: some.map(({ text }) => text).join(""),
    metadata: some[0]!.metadata
  }))
  const missing = Math.max(0, parts - made.length)
  return [...made, ...Array.from({ length: Math.min(missing, mostParts) }, () => ({ text: "", metadata: {} }))]
}

export const of = (chunks: ReadonlyArray<TextChunk>, { characters, parts }: Extent) => ({
  text: textOf(chunks, characters),
  parts: partsOf(chunks, parts).slice(0, Math.max(1, parts))
})
