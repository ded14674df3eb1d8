/** The frames of a stream as they are stored: those that resemble each other as what each has of its own. */
import { isHighSurrogate, isLowSurrogate } from "./BodyDifference.ts"

/**
 * Runs of frames in order, three numbers each: how many frames, and how many characters of its beginning and of its end
 * each of them has in common with the first one. The first frame of a run is stored whole, of the others their middles.
 */
export type FrameRuns = ReadonlyArray<number>

/** A shorter gain is not worth its entry. */
const leastGain = 64

/** Characters that frames of a run have in common at least. */
const leastCommon = 16

/** A frame by its place in the text. */
interface Span {
  readonly at: number
  readonly length: number
}

interface Common {
  readonly before: number
  readonly after: number
}

/** At most so much; half a character belongs to nothing: it can't be stored. */
const commonOf = (text: string, one: Span, other: Span, most: Common): Common => {
  const shorter = Math.min(one.length, other.length)
  let before = 0
  const mostBefore = Math.min(most.before, shorter)
  while (before < mostBefore && text.charCodeAt(one.at + before) === text.charCodeAt(other.at + before)) before++
  if (before > 0 && isHighSurrogate(text.charCodeAt(one.at + before - 1))) before--
  const [oneEnd, otherEnd] = [one.at + one.length, other.at + other.length]
  const mostAfter = Math.min(most.after, shorter - before)
  let after = 0
  while (after < mostAfter && text.charCodeAt(oneEnd - after - 1) === text.charCodeAt(otherEnd - after - 1)) after++
  if (after > 0 && isLowSurrogate(text.charCodeAt(oneEnd - after))) after--
  return { before, after }
}

const all: Common = { before: Infinity, after: Infinity }

const sizeOf = ({ after, before }: Common): number => before + after

/** What the first frames of a run have in common; undefined where the next one resembles the one behind it more. */
const begun = (text: string, spans: ReadonlyArray<Span>, first: number): Common | undefined => {
  const [one, two, three] = [spans[first]!, spans[first + 1], spans[first + 2]]
  if (two === undefined) return undefined
  const common = commonOf(text, one, two, all)
  if (sizeOf(common) < leastCommon) return undefined
  const isOfTheNext = three !== undefined && sizeOf(commonOf(text, two, three, all)) > sizeOf(common) + leastCommon / 2
  return isOfTheNext ? undefined : common
}

/** One run from this frame on. It takes in a frame that has less in common where that saves more than it costs the others. */
const runFrom = (text: string, spans: ReadonlyArray<Span>, first: number): Common & { readonly frames: number } => {
  const one = spans[first]!
  let common = begun(text, spans, first)
  if (common === undefined) return { frames: 1, before: 0, after: 0 }
  const partsOf = ({ after, before }: Common) =>
    [text.slice(one.at, one.at + before), text.slice(one.at + one.length - after, one.at + one.length)] as const
  let [start, end] = partsOf(common)
  let next = first + 2
  for (; next < spans.length; next++) {
    const { at, length } = spans[next]!
    const fits = length >= sizeOf(common) && text.startsWith(start, at) &&
      text.startsWith(end, at + length - end.length)
    if (fits) continue
    const less: Common = commonOf(text, one, spans[next]!, common)
    const lost = (sizeOf(common) - sizeOf(less)) * (next - first)
    if (sizeOf(less) < leastCommon + lost) break
    common = less
    const parts = partsOf(common)
    start = parts[0]
    end = parts[1]
  }
  return { frames: next - first, ...common }
}

/** Undefined where the text is as well stored as it is. `lengths`: of its frames, which are all of it. */
export const of = (text: string, lengths: ReadonlyArray<number>): FrameRuns | undefined => {
  if (lengths.length < 3) return undefined
  let end = 0
  const spans = lengths.map((length) => ({ at: (end += length) - length, length }))
  if (end !== text.length) return undefined
  const runs: Array<number> = []
  let gain = 0
  for (let first = 0; first < spans.length;) {
    const { after, before, frames } = runFrom(text, spans, first)
    runs.push(frames, before, after)
    gain += (frames - 1) * (before + after)
    first += frames
  }
  return gain < leastGain + 6 * runs.length ? undefined : runs
}

/** What is stored of the text. */
export const fold = (text: string, lengths: ReadonlyArray<number>, runs: FrameRuns): string => {
  let stored = ""
  let [at, frame] = [0, 0]
  for (let run = 0; run < runs.length; run += 3) {
    const [frames, before, after] = [runs[run]!, runs[run + 1]!, runs[run + 2]!]
    stored += text.slice(at, at += lengths[frame++]!)
    for (let count = 1; count < frames; count++) {
      const start = at + before
      at += lengths[frame++]!
      stored += text.slice(start, at - after)
    }
  }
  return stored
}

/** The text again. */
export const unfold = (stored: string, lengths: ReadonlyArray<number>, runs: FrameRuns): string => {
  let text = ""
  let [at, frame] = [0, 0]
  for (let run = 0; run < runs.length; run += 3) {
    const [frames, before, after] = [runs[run]!, runs[run + 1]!, runs[run + 2]!]
    const first = stored.slice(at, at += lengths[frame++]!)
    text += first
    const [start, end] = [first.slice(0, before), first.slice(first.length - after)]
    for (let count = 1; count < frames; count++) {
      text += start + stored.slice(at, at += lengths[frame++]! - before - after) + end
    }
  }
  return text
}
