/** A text as what differs from one stored before it: a model's name in another's place, or a middle of its own. */

export type BodyDifference =
  | { readonly kind: "same" }
  /** Every `find` of the earlier text is `replacement`. */
  | { readonly kind: "replaced"; readonly find: string; readonly replacement: string }
  /** So many characters from the earlier text's beginning, then `middle`, then so many from its end. */
  | { readonly kind: "spliced"; readonly before: number; readonly middle: string; readonly after: number }

/** Shorter gains are not worth a reference. */
const leastGain = 64

/** Characters compared at once while looking for the first that differs. */
const stride = 512

const commonBefore = (one: string, other: string): number => {
  const most = Math.min(one.length, other.length)
  let at = 0
  while (at + stride <= most && one.slice(at, at + stride) === other.slice(at, at + stride)) at += stride
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at++
  return at
}

const commonAfter = (one: string, other: string, most: number): number => {
  const [oneEnd, otherEnd] = [one.length, other.length]
  let length = 0
  while (
    length + stride <= most &&
    one.slice(oneEnd - length - stride, oneEnd - length) === other.slice(otherEnd - length - stride, otherEnd - length)
  ) length += stride
  while (length < most && one.charCodeAt(oneEnd - length - 1) === other.charCodeAt(otherEnd - length - 1)) length++
  return length
}

export const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
export const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

/** The JSON string around a place. */
const stringAround = (text: string, at: number): string | undefined => {
  const start = text.lastIndexOf("\"", at - 1)
  const end = text.indexOf("\"", Math.max(at, start + 1))
  return start === -1 || end === -1 ? undefined : text.slice(start, end + 1)
}

/** By its length: to replace in a long text takes long. */
const mayBeReplaced = (earlier: string, text: string, find: string, replacement: string): boolean => {
  const [longer, each] = [text.length - earlier.length, replacement.length - find.length]
  return each === 0 ? longer === 0 : longer / each > 0 && longer % each === 0
}

const replacedIn = (earlier: string, text: string, at: number): BodyDifference | undefined => {
  const find = stringAround(earlier, at)
  const replacement = stringAround(text, at)
  return find !== undefined && replacement !== undefined && mayBeReplaced(earlier, text, find, replacement) &&
      earlier.replaceAll(find, () => replacement) === text
    ? { kind: "replaced", find, replacement }
    : undefined
}

/** Undefined where the text is better stored by itself. */
export const between = (earlier: string, text: string): BodyDifference | undefined => {
  if (earlier === text) return { kind: "same" }
  let before = commonBefore(earlier, text)
  let after = commonAfter(earlier, text, Math.min(earlier.length, text.length) - before)
  // Half a character can't be stored.
  if (isHighSurrogate(text.charCodeAt(before - 1))) before--
  if (isLowSurrogate(text.charCodeAt(text.length - after))) after--
  const middle = text.slice(before, text.length - after)
  const gain = text.length - middle.length
  if (gain < leastGain) return undefined
  // One difference is a middle of its own; what is replaced at several places leaves a long one.
  const replaced = middle.length > leastGain ? replacedIn(earlier, text, before) : undefined
  return replaced ?? { kind: "spliced", before, middle, after }
}

export const apply = (earlier: string, difference: BodyDifference): string => {
  switch (difference.kind) {
    case "same":
      return earlier
    case "replaced":
      return earlier.replaceAll(difference.find, () => difference.replacement)
    case "spliced": {
      const { after, before, middle } = difference
      return earlier.slice(0, before) + middle + earlier.slice(earlier.length - after)
    }
  }
}

/** Characters that it has of its own. */
export const lengthOf = (difference: BodyDifference): number => {
  switch (difference.kind) {
    case "same":
      return 0
    case "replaced":
      return difference.find.length + difference.replacement.length
    case "spliced":
      return difference.middle.length
  }
}
