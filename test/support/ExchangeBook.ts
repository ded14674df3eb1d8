/** Recorded exchanges to answer from, found by endpoint, canonical body and occurrence. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { canonical, differences } from "./Canonical.ts"
import type { Exchange } from "./Recordings.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"

export interface ExchangeBook {
  /** The next answer recorded for this body, or a 404 that names the nearest recorded body. */
  readonly take: (path: string, body: Schema.Json | undefined) => ScriptedAnswer
}

const shorten = (text: string | undefined) => {
  if (text === undefined) return "nothing"
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** An answer as its vendor gives it. */
export const scripted = ({ answer }: Exchange): ScriptedAnswer => {
  if (answer._tag !== "Stream") return ScriptedAnswer.json(answer.status, answer.body)
  const lines = answer.chunks.filter(Predicate.isString)
  return lines.length === 0
    ? ScriptedAnswer.events(answer.chunks, { status: answer.status })
    : { _tag: "Frames", status: answer.status, frames: lines.map((line) => ({ text: `${line}\n` })) }
}

const missing = (message: string) => ScriptedAnswer.error(404, message, "no_recorded_exchange")

const nearest = (exchanges: ReadonlyArray<Exchange>, path: string, body: Schema.Json): string => {
  const candidates = exchanges
    .map((exchange, index) => ({ exchange, index, differences: differences(exchange.request, body) }))
    .filter(({ exchange }) => exchange.endpoint === path)
    .sort((left, right) => left.differences.length - right.differences.length)
  const [best] = candidates
  if (best === undefined) return "none is recorded for this endpoint"
  const named = best.differences.slice(0, 3)
    .map(({ expected, found, path }) => `${path} is ${shorten(found)}, recorded ${shorten(expected)}`)
  const { session, vendor } = best.exchange
  const place = `exchange ${best.index} (${vendor}, ${session ?? "no session"})`
  return `the nearest of ${candidates.length} is ${place}, ${best.differences.length} differences: ${named.join("; ")}`
}

const keyOf = (path: string, body: Schema.Json) => `${path} ${canonical(body)}`

export const makeExchangeBook = (exchanges: ReadonlyArray<Exchange>): ExchangeBook => {
  const byKey = Map.groupBy(exchanges, (exchange) => keyOf(exchange.endpoint, exchange.request))
  const taken = new Map<string, number>()
  const take = (path: string, body: Schema.Json | undefined): ScriptedAnswer => {
    if (body === undefined) return missing(`POST ${path}: the body is not JSON`)
    const key = keyOf(path, body)
    const recorded = byKey.get(key)
    if (recorded === undefined) return missing(`POST ${path}: not recorded; ${nearest(exchanges, path, body)}`)
    const occurrence = taken.get(key) ?? 0
    taken.set(key, occurrence + 1)
    const exchange = recorded[occurrence]
    return exchange === undefined
      ? missing(`POST ${path}: recorded ${recorded.length} times, asked for ${occurrence + 1} times`)
      : scripted(exchange)
  }
  return { take }
}
