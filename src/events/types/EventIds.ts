/** UUIDv7 ids that can be told in advance: a request's events are its own id plus a counter. */
import { Clock, Effect, Random } from "effect"
import { createHash } from "node:crypto"

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0")

/** So many bits of randomness are drawn at once. */
const drawn = 2 ** 29

/**
 * A new UUIDv7 whose last 16 bits are zero: they count the events of what it names.
 * Time comes from Clock, randomness from Random, so that a test or a replay can repeat it.
 */
export const make = (clock: Clock.Clock, random: Random.Random): string => {
  const time = clock.currentTimeMillisUnsafe().toString(16).padStart(12, "0")
  const first = Math.floor(random.nextDoubleUnsafe() * drawn)
  const second = Math.floor(random.nextDoubleUnsafe() * drawn)
  // 12 bits, 14 bits behind the variant, and 32 bits of which the first three are of the first draw.
  const version = (0x7000 | (first & 0xfff)).toString(16)
  const variant = (0x8000 | ((first >>> 12) & 0x3fff)).toString(16)
  const rest = (((first >>> 26) * drawn) + second).toString(16).padStart(8, "0")
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${rest}0000`
}

/** A new id, by the clock and the randomness in context. */
export const next: Effect.Effect<string> = Effect.withFiber<string>((fiber) =>
  Effect.succeed(make(fiber.getRef(Clock.Clock), fiber.getRef(Random.Random)))
)

/** Most requests have few events: their counters are written once. */
const counters = Array.from({ length: 256 }, (_, n) => hex(n, 4))

/** The end of an id, by what it counts. */
export const digitsOf = (counter: number): string => counters[counter] ?? hex(counter, 4)

/** Events that one counter numbers. */
export const mostCounted = 0xffff

/** What the ids of events have in common that are counted under `id` like the nth. */
export const sequenceOfNth = (id: string, n: number): string =>
  (n <= mostCounted ? id : ofCall(id, `+${n >>> 16}`)).slice(0, 32)

/** The id of the nth event (from 1) of what `id` names. */
export const nth = (id: string, n: number): string => sequenceOfNth(id, n) + digitsOf(n & mostCounted)

/** Its number among the events of what `id` names; undefined: it is none of the first 65,535. */
export const counterOf = (id: string, eventId: string): number | undefined => {
  if (eventId.length !== id.length || !eventId.startsWith(id.slice(0, 32))) return undefined
  const digits = eventId.slice(32)
  const counter = Number.parseInt(digits, 16)
  return digitsOf(counter) === digits ? counter : undefined
}

const isId = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** What the ids of one sequence of events have in common; empty for an id that was not made here. */
export const sequenceOf = (eventId: string): string => isId.test(eventId) ? eventId.slice(0, 32) : ""

/** What the ids of a request, its events and those of its calls have in common: their beginning. */
export const commonOf = (id: string): string => id.slice(0, 19)

/** Bits of a call's path that are mixed into an id: its 14 random bits of the variant, and the 32 behind them. */
const mixed = (path: string): readonly [number, number] => {
  const digest = createHash("sha256").update(path).digest()
  return [digest.readUInt16BE(0) & 0x3fff, digest.readUInt32BE(2)]
}

const ofCalls = new Map<string, readonly [number, number]>()

/** Few paths are used often: they are digested once. */
const mostPaths = 256

/**
 * What the events of a call are numbered under: the request's id, its 46 random bits mixed with the path of the call
 * (`1`, `2.1` …). `docs/decisions` has the layout, bit by bit.
 */
export const ofCall = (requestId: string, path: string): string => {
  let bits = ofCalls.get(path)
  if (bits === undefined) {
    if (ofCalls.size >= mostPaths) ofCalls.clear()
    ofCalls.set(path, bits = mixed(path))
  }
  const [variant, rest] = [Number.parseInt(requestId.slice(19, 23), 16), Number.parseInt(requestId.slice(24, 32), 16)]
  const [first, second] = bits
  return `${requestId.slice(0, 19)}${hex((variant ^ first) >>> 0, 4)}-${hex((rest ^ second) >>> 0, 8)}${
    requestId.slice(32)
  }`
}

/** The request of which this would be an event of a call with such a path; null for an id that was not made here. */
export const requestOfCall = (eventId: string, path: string): string | null =>
  // What was mixed into it comes out again when it is mixed in once more.
  sequenceOf(eventId) === "" ? null : ofCall(nth(eventId, 0), path)

/** When the id was made, seconds since 1970. */
export const secondsOf = (id: string): number =>
  Math.floor(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) / 1000)
