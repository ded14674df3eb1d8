/** Bytes cut into lines as they come: of a file of any length, no more than a line is held. */
import { Stream } from "effect"

export interface NumberedLine {
  /** From 1. */
  readonly line: number
  readonly text: string
  /** True: it is longer than is held, and `text` is empty. */
  readonly tooLong: boolean
}

/** Longest line, characters: as much as a request may have over HTTP. */
export const longestLine = 32 * 1024 * 1024

interface Held {
  readonly line: number
  readonly pieces: ReadonlyArray<string>
  readonly length: number
}

const none: Held = { line: 1, pieces: [], length: 0 }

const taken = (held: Held, piece: string, limit: number): Held => {
  const length = held.length + piece.length
  // Of what is too long nothing is held but that it is.
  return { ...held, length, pieces: length > limit ? [] : [...held.pieces, piece] }
}

const finished = ({ length, line, pieces }: Held, limit: number): NumberedLine => ({
  line,
  text: pieces.join("").replace(/\r$/, ""),
  tooLong: length > limit
})

/** Lines with nothing in them are left out, and counted. */
export const make = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  limit = longestLine
): Stream.Stream<NumberedLine, E, R> =>
  Stream.decodeText(bytes).pipe(
    Stream.mapAccum(
      () => none,
      (held, chunk): readonly [Held, ReadonlyArray<NumberedLine>] => {
        const [first = "", ...others] = chunk.split("\n")
        const lines: Array<NumberedLine> = []
        let now = taken(held, first, limit)
        for (const piece of others) {
          lines.push(finished(now, limit))
          now = taken({ ...none, line: now.line + 1 }, piece, limit)
        }
        return [now, lines]
      },
      { onHalt: (held) => [finished(held, limit)] }
    ),
    Stream.filter(({ text, tooLong }) => tooLong || text.trim() !== "")
  )
