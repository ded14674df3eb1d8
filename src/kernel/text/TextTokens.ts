/** A text as OpenAI's tokenizer sees it: pieces that no token crosses, and how many tokens each has. */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base"
import { O200K_TOKEN_SPLIT_REGEX } from "gpt-tokenizer/encodingParams/constants"

/** The tokenizer's rule is asked of so many characters at a time: it goes back over all that it was given. */
const windowLength = 4096
/** A run of letters without an end is cut: joining n letters to tokens costs n². Counts of longer ones are of the cuts. */
const longestPiece = 128
const mostCached = 50_000
const longestCached = 32

/** Marks of the model's own, such as <|endoftext|>, are text like any other here. */
const asText = { disallowedSpecial: new Set<string>() }

const cache = new Map<string, number>()

const tokensOf = (piece: string): number => {
  if (piece.length > longestCached) return countTokens(piece, asText)
  const counted = cache.get(piece)
  if (counted !== undefined) return counted
  const tokens = countTokens(piece, asText)
  if (cache.size >= mostCached) cache.clear()
  cache.set(piece, tokens)
  return tokens
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

/** Not between the halves of a character. */
export const wholeEnd = (text: string, start: number, end: number): number =>
  end < text.length && isLowSurrogate(text.charCodeAt(end)) && isHighSurrogate(text.charCodeAt(end - 1))
    ? end - 1 > start ? end - 1 : end + 1
    : end

/** Calls `each` with where a piece ends and its tokens, from the first to the last. */
export const pieces = (text: string, maxTokens: number, each: (end: number, tokens: number) => void): void => {
  const rule = new RegExp(O200K_TOKEN_SPLIT_REGEX.source, "gu")

  const cut = (start: number, end: number): void => {
    if (end - start > longestPiece) {
      for (let from = start; from < end;) {
        const to = wholeEnd(text, from, Math.min(end, from + longestPiece))
        cut(from, to)
        from = to
      }
      return
    }
    const tokens = tokensOf(text.slice(start, end))
    const middle = wholeEnd(text, start, start + Math.ceil((end - start) / 2))
    if (tokens <= maxTokens || middle >= end) return each(end, tokens)
    cut(start, middle)
    cut(middle, end)
  }

  let at = 0
  while (at < text.length) {
    const windowEnd = wholeEnd(text, at, Math.min(text.length, at + windowLength))
    const window = text.slice(at, windowEnd)
    const isLast = windowEnd === text.length
    rule.lastIndex = 0
    let done = 0
    for (let match = rule.exec(window); match !== null; match = rule.exec(window)) {
      const end = match.index + match[0].length
      // The last piece of a window may go on behind it.
      if (end === window.length && !isLast && done > 0) break
      cut(at + done, at + end)
      done = end
    }
    if (done === 0) cut(at, windowEnd)
    at += done === 0 ? window.length : done
  }
}

/** How many tokens a text has. */
export const count = (text: string): number => {
  let total = 0
  pieces(text, Infinity, (_, tokens) => total += tokens)
  return total
}
