/** What an answer has less of than was asked for, in short, in a header: clients of every dialect see it. */
import type { Degradation } from "../messages/ChatResponse.ts"

export const name = "x-strata-degradation"

/** Characters; the log has all of it. */
const longest = 500

/** Headers are ASCII without line ends. */
const plain = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, "?")

/** Of an answer that may say so already. */
export const added = (
  headers: Readonly<Record<string, string>>,
  degradations: ReadonlyArray<Degradation>
): Readonly<Record<string, string>> => {
  const more = of(degradations)[name]
  const before = headers[name]
  if (more === undefined) return headers
  return { ...headers, [name]: before === undefined ? more : `${more}; ${before}`.slice(0, longest) }
}

/** `temperature 1.8 -> temperature 1; top_k 40 -> no top_k`. Nothing where nothing is degraded. */
export const of = (degradations: ReadonlyArray<Degradation>): Readonly<Record<string, string>> => {
  if (degradations.length === 0) return {}
  const text = plain(degradations.map(({ actual, requested }) => `${requested} -> ${actual}`).join("; "))
  return { [name]: text.length <= longest ? text : `${text.slice(0, longest - 3)}...` }
}
