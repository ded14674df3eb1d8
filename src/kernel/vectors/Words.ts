/** The words of a query: letters and digits, so that nothing of it is an instruction to whoever searches. */

const most = 64

export const wordsOf = (text: string): ReadonlyArray<string> => [
  ...new Set((text.normalize("NFC").toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, most))
]
