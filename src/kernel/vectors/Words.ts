/** The words of a query: letters and digits, so that nothing of it is an instruction to whoever searches. */

const most = 64

/** Each as often as it stands there. */
export const tokensOf = (text: string): ReadonlyArray<string> =>
  text.normalize("NFC").toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

export const wordsOf = (text: string): ReadonlyArray<string> => [...new Set(tokensOf(text).slice(0, most))]
