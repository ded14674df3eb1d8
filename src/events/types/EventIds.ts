/** UUIDv7 ids that can be told in advance: a request's events are its own id plus a counter. */
import { Clock, Effect, Random } from "effect"

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0")
const bits = (random: Random.Random, count: number) => Math.floor(random.nextDoubleUnsafe() * 2 ** count)

/**
 * A new UUIDv7 whose last 16 bits are zero: they count the events of what it names.
 * Time comes from Clock, randomness from Random, so that a test or a replay can repeat it.
 */
export const make = (clock: Clock.Clock, random: Random.Random): string => {
  const time = hex(clock.currentTimeMillisUnsafe(), 12)
  const variant = hex(0x8000 | bits(random, 14), 4)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(bits(random, 12), 3)}-${variant}-${hex(bits(random, 32), 8)}0000`
}

/** A new id, by the clock and the randomness in context. */
export const next: Effect.Effect<string> = Effect.withFiber<string>((fiber) =>
  Effect.succeed(make(fiber.getRef(Clock.Clock), fiber.getRef(Random.Random)))
)

/** Most requests have few events: their counters are written once. */
const counters = Array.from({ length: 256 }, (_, n) => hex(n, 4))

/** The id of the nth event (from 1) of what `id` names. */
export const nth = (id: string, n: number): string => id.slice(0, 32) + (counters[n] ?? hex(n, 4))
