/** Quotes in JSON text: which of them end or begin a string. */

const backslash = 92

export const isEscaped = (text: string, at: number): boolean => {
  let before = at
  while (text.charCodeAt(before - 1) === backslash) before--
  return (at - before) % 2 === 1
}

/** The next quote that is none within a string: where a string that has begun ends; -1: there is none. */
export const nextQuote = (text: string, from: number): number => {
  let at = text.indexOf("\"", from)
  while (at !== -1 && isEscaped(text, at)) at = text.indexOf("\"", at + 1)
  return at
}
