/** What an event is: a type, a level, a durability, a version and the Schema of its payload. */
import { Schema } from "effect"

/** How much an observer asked to see. Each level includes the ones before it. */
export const Level = Schema.Literals(["default", "debug", "raw"]).annotate({
  description:
    "default: a summary; debug: the payload, truncated; raw: the complete input and output, secrets redacted."
})
export type Level = typeof Level.Type

const rank: Record<Level, number> = { default: 0, debug: 1, raw: 2 }

/** True when an event of `level` is seen by who asked for `wanted`. */
export const includes = (wanted: Level, level: Level): boolean => rank[level] <= rank[wanted]

/**
 * - `state`: folds into state, carries full content, is stored always and never pruned.
 * - `observation`: says what went over a wire; stored up to the level in force.
 */
export type Durability = "state" | "observation"

export interface Definition<Type extends string = string, Payload extends Schema.Top = Schema.Top> {
  readonly type: Type
  readonly level: Level
  readonly durability: Durability
  /** Raised when the payload changes shape. */
  readonly version: number
  readonly description: string
  readonly payload: Payload
  /** Payload fields that may differ between a session and its replay (durations, times). */
  readonly volatile: ReadonlyArray<string>
}

export interface Options<Payload extends Schema.Top> {
  readonly level?: Level
  readonly durability: Durability
  readonly version?: number
  readonly description: string
  readonly payload: Payload
  readonly volatile?: ReadonlyArray<string>
}

/** Declares one event. `type` is `namespace:action`, with `:debug` or `:raw` behind it for these levels. */
export const define = <const Type extends `${string}:${string}`, Payload extends Schema.Top>(
  type: Type,
  options: Options<Payload>
): Definition<Type, Payload> => ({ level: "default", version: 1, volatile: [], ...options, type })

/** The payload as it is written: JSON, as the Schema encodes it. */
export type Payload<D extends Definition> = D["payload"]["Encoded"]

/** One observation at its three levels, always recorded in this order. */
export interface Family<
  Type extends string = string,
  Base extends Schema.Top = Schema.Top,
  Debug extends Schema.Top = Schema.Top,
  Raw extends Schema.Top = Schema.Top
> {
  readonly base: Definition<Type, Base>
  readonly debug: Definition<`${Type}:debug`, Debug>
  readonly raw: Definition<`${Type}:raw`, Raw>
}

/** What one level of an observation says. */
export type Member<Payload extends Schema.Top> = Omit<Options<Payload>, "level" | "durability">

/** Declares an observation at default, debug and raw level. */
export const family = <
  const Type extends `${string}:${string}`,
  Base extends Schema.Top,
  Debug extends Schema.Top,
  Raw extends Schema.Top
>(
  type: Type,
  members: {
    readonly base: Member<Base>
    readonly debug: Member<Debug>
    readonly raw: Member<Raw>
  }
): Family<Type, Base, Debug, Raw> => ({
  base: define(type, { ...members.base, durability: "observation" }),
  debug: define(`${type}:debug`, { ...members.debug, level: "debug", durability: "observation" }),
  raw: define(`${type}:raw`, { ...members.raw, level: "raw", durability: "observation" })
})
