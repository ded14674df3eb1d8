/** What stands in an event where a secret was, and how a text is written without what must not be shown. */

export const mask = "[REDACTED]"

/** A mask that says what was masked. */
export const labelled = (label: string | undefined): string => label === undefined ? mask : `[REDACTED:${label}]`

/** True for what has been masked already: to mask it again would change its label. */
export const isMask = (text: string): boolean => text.startsWith("[REDACTED")

/** A part of a text that must not be shown, in UTF-16 units. */
export interface Range {
  readonly start: number
  readonly end: number
  readonly mask: string
  /** True where, in JSON text, it may begin or end within an escape. */
  readonly uncertain?: boolean
}

/** In order; of two that overlap one is made. */
export const merge = (ranges: ReadonlyArray<Range>): ReadonlyArray<Range> => {
  const merged: Array<Range> = []
  for (const range of [...ranges].sort((one, other) => one.start - other.start || other.end - one.end)) {
    const last = merged.at(-1)
    if (last === undefined || range.start >= last.end) merged.push(range)
    else if (range.end > last.end) merged[merged.length - 1] = { ...last, end: range.end }
  }
  return merged
}

/** The text with a mask for each range. */
export const cover = (text: string, ranges: ReadonlyArray<Range>): string => {
  if (ranges.length === 0) return text
  let covered = ""
  let from = 0
  for (const { end, mask, start } of merge(ranges)) {
    covered += text.slice(from, start) + mask
    from = end
  }
  return covered + text.slice(from)
}
