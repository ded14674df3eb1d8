/** The frames of a stream as they are stored: those that resemble each other as what each has of its own. */
import { isHighSurrogate, isLowSurrogate } from "./BodyDifference.ts"

/**
 * Runs of frames in order, four numbers each: how many frames, how many characters of its beginning and of its end each of
 * them has in common with the first one, and how many behind the number that stands at the end of the beginning; 0: no
 * number does. The first frame of a run is stored whole, of the others what is their own: a number, and what is said.
 */
export type FrameRuns = ReadonlyArray<number>

const numbersOfRun = 4

/** A shorter gain is not worth its entry. */
const leastGain = 64

/** Characters that frames of a run have in common at least. */
const leastCommon = 16

/** A frame by its place in the text. */
interface Span {
  readonly at: number
  readonly end: number
}

interface Common {
  readonly before: number
  readonly after: number
  readonly inner: number
}

const sizeOf = ({ after, before, inner }: Common): number => before + after + inner

const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** Digits from a place on. */
const digitsAt = (text: string, at: number, end: number): number => {
  let digits = 0
  while (at + digits < end && isDigit(text.charCodeAt(at + digits))) digits++
  return digits
}

/** Half a character belongs to nothing: it can't be stored. */
const commonBefore = (text: string, one: number, other: number, most: number): number => {
  let length = 0
  while (length < most && text.charCodeAt(one + length) === text.charCodeAt(other + length)) length++
  return length > 0 && isHighSurrogate(text.charCodeAt(one + length - 1)) ? length - 1 : length
}

const commonAfter = (text: string, one: number, other: number, most: number): number => {
  let length = 0
  while (length < most && text.charCodeAt(one - length - 1) === text.charCodeAt(other - length - 1)) length++
  return length > 0 && isLowSurrogate(text.charCodeAt(one - length)) ? length - 1 : length
}

const none = { before: 0, after: 0, inner: 0 }
const all = { before: Infinity, after: Infinity, inner: Infinity }

/** At most so much. */
const commonOf = (text: string, one: Span, other: Span, most: Common): Common => {
  const shorter = Math.min(one.end - one.at, other.end - other.at)
  const before = commonBefore(text, one.at, other.at, Math.min(most.before, shorter))
  const after = commonAfter(text, one.end, other.end, Math.min(most.after, shorter - before))
  const [oneEnd, otherEnd] = [one.end - after, other.end - after]
  const [digits, otherDigits] = [
    digitsAt(text, one.at + before, oneEnd),
    digitsAt(text, other.at + before, otherEnd)
  ]
  if (digits === 0 || otherDigits === 0) return { before, after, inner: 0 }
  const [from, otherFrom] = [one.at + before + digits, other.at + before + otherDigits]
  const inner = commonBefore(text, from, otherFrom, Math.min(most.inner, oneEnd - from, otherEnd - otherFrom))
  return { before, after, inner: inner < leastCommon ? 0 : inner }
}

/** What the first frames of a run have in common; undefined where the next one resembles the one behind it more. */
const begun = (text: string, spans: ReadonlyArray<Span>, first: number): Common | undefined => {
  const [one, two, three] = [spans[first]!, spans[first + 1], spans[first + 2]]
  if (two === undefined) return undefined
  const common = commonOf(text, one, two, all)
  if (sizeOf(common) < leastCommon) return undefined
  const isOfTheNext = three !== undefined && sizeOf(commonOf(text, two, three, all)) > sizeOf(common) + leastCommon / 2
  return isOfTheNext ? undefined : common
}

/** The texts that frames of a run have in common, as the first one has them. */
const textsOf = (text: string, { at, end }: Span, { after, before, inner }: Common) => {
  const from = at + before
  const within = inner === 0 ? from : from + digitsAt(text, from, end - after)
  return { start: text.slice(at, from), within: text.slice(within, within + inner), end: text.slice(end - after, end) }
}

/** Slices are compared at once, where `startsWith` looks at each character. */
const fits = (text: string, { at, end }: Span, texts: ReturnType<typeof textsOf>): boolean => {
  const [from, to] = [at + texts.start.length, end - texts.end.length]
  if (to - from < texts.within.length || text.slice(at, from) !== texts.start || text.slice(to, end) !== texts.end) {
    return false
  }
  if (texts.within === "") return true
  const digits = digitsAt(text, from, to)
  const within = from + digits
  return digits > 0 && to - within >= texts.within.length &&
    text.slice(within, within + texts.within.length) === texts.within
}

/** What two frames of a run have in common besides what all of it has. */
const moreOf = (text: string, one: Span, other: Span, { after, before }: Common): number => {
  const shorter = Math.min(one.end - one.at, other.end - other.at) - before - after
  const begin = commonBefore(text, one.at + before, other.at + before, shorter)
  return begin + commonAfter(text, one.end - after, other.end - after, shorter - begin)
}

/** What of the beginning is given up has to be the number's: it is looked for where the beginning ends. */
const isOfNumber = (text: string, { at }: Span, common: Common, less: Common): boolean =>
  common.inner === 0 || digitsAt(text, at + less.before, at + common.before) === common.before - less.before

/**
 * One run from this frame on. It takes in a frame that has less in common where that saves more than it costs the others,
 * and ends before two that have more in common with each other.
 */
const runFrom = (text: string, spans: ReadonlyArray<Span>, first: number): Common & { readonly frames: number } => {
  const one = spans[first]!
  let common = begun(text, spans, first)
  if (common === undefined) return { frames: 1, ...none }
  let texts = textsOf(text, one, common)
  let next = first + 2
  for (; next < spans.length; next++) {
    const span = spans[next]!
    if (fits(text, span, texts)) {
      if (moreOf(text, spans[next - 1]!, span, common) <= sizeOf(common)) continue
      next--
      break
    }
    const less: Common = commonOf(text, one, span, common)
    const lost = (sizeOf(common) - sizeOf(less)) * (next - first)
    if (sizeOf(less) < leastCommon + lost || !isOfNumber(text, one, common, less)) break
    common = less
    texts = textsOf(text, one, common)
  }
  return { frames: next - first, ...common }
}

/** Undefined where the text is as well stored as it is. `lengths`: of its frames, which are all of it. */
export const of = (text: string, lengths: ReadonlyArray<number>): FrameRuns | undefined => {
  if (lengths.length < 3) return undefined
  let end = 0
  const spans = lengths.map((length): Span => ({ at: end, end: end += length }))
  if (end !== text.length) return undefined
  const runs: Array<number> = []
  let gain = 0
  for (let first = 0; first < spans.length;) {
    const run = runFrom(text, spans, first)
    const { after, before, frames, inner } = run
    runs.push(frames, before, after, inner)
    gain += (frames - 1) * sizeOf(run)
    first += frames
  }
  return gain < leastGain + 6 * runs.length ? undefined : runs
}

/** What is stored of the text. The first character behind a number stays, for where the number ends. */
export const fold = (text: string, lengths: ReadonlyArray<number>, runs: FrameRuns): string => {
  let stored = ""
  let [at, frame] = [0, 0]
  for (let run = 0; run < runs.length; run += numbersOfRun) {
    const [frames, before, after, inner] = runs.slice(run, run + numbersOfRun) as [number, number, number, number]
    stored += text.slice(at, at += lengths[frame++]!)
    for (let count = 1; count < frames; count++) {
      const start = at + before
      const end = (at += lengths[frame++]!) - after
      if (inner === 0) {
        stored += text.slice(start, end)
        continue
      }
      const within = start + digitsAt(text, start, end)
      stored += text.slice(start, within + 1) + text.slice(within + inner, end)
    }
  }
  return stored
}

/** The text again. */
export const unfold = (stored: string, lengths: ReadonlyArray<number>, runs: FrameRuns): string => {
  let text = ""
  let [at, frame] = [0, 0]
  for (let run = 0; run < runs.length; run += numbersOfRun) {
    const [frames, before, after, inner] = runs.slice(run, run + numbersOfRun) as [number, number, number, number]
    const first = stored.slice(at, at += lengths[frame++]!)
    text += first
    const { end, start, within } = textsOf(first, { at: 0, end: first.length }, { before, after, inner })
    for (let count = 1; count < frames; count++) {
      const length = lengths[frame++]! - before - after
      if (inner === 0) {
        text += start + stored.slice(at, at += length) + end
        continue
      }
      const own = stored.slice(at, at += length - inner + 1)
      const digits = digitsAt(own, 0, own.length)
      text += start + own.slice(0, digits) + within + own.slice(digits + 1) + end
    }
  }
  return text
}
