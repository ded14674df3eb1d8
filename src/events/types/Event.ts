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

/** The lower of two levels. */
export const atMost = (highest: Level, level: Level): Level => includes(highest, level) ? level : highest

/**
 * - `state`: folds into state, carries full content, is stored always and never pruned.
 * - `observation`: says what went over a wire; stored up to the level in force.
 * - `live`: reaches who watches at that moment, in the process that serves, and is not stored.
 */
export const Durability = Schema.Literals(["state", "observation", "live"]).annotate({
  description: "state: folds into state, never pruned; observation: says what went over a wire; " +
    "live: reaches who watches at that moment, and is not stored."
})
export type Durability = typeof Durability.Type

/**
 * Lifts a payload of one version to the next. It gets JSON as that version was stored and gives JSON as the next was:
 * pure (the same at every read), and total (for every payload that version could hold).
 */
export type Upcaster = (payload: Schema.Json) => Schema.Json

/** One upcaster for every version below the current one, by the version it lifts from. */
export type Upcasters = Readonly<Record<number, Upcaster>>

export interface Definition<Type extends string = string, Payload extends Schema.Top = Schema.Top> {
  readonly type: Type
  readonly level: Level
  readonly durability: Durability
  /** Raised when the payload changes in a way that its Schema no longer decodes what is stored. */
  readonly version: number
  readonly upcasters: Upcasters
  readonly description: string
  readonly payload: Payload
  /** Payload fields that may differ between a session and its replay (durations, times). */
  readonly volatile: ReadonlyArray<string>
  /**
   * Payload fields that each event of this version has, and none of an earlier one: where a recorded event has none, it is
   * compared with its replay without them.
   */
  readonly added: ReadonlyArray<string>
}

export interface Options<Payload extends Schema.Top> {
  readonly level?: Level
  readonly durability: Durability
  /** Default 1. Each version above needs one more upcaster. */
  readonly version?: number
  readonly upcasters?: Upcasters
  readonly description: string
  readonly payload: Payload
  readonly volatile?: ReadonlyArray<string>
  readonly added?: ReadonlyArray<string>
}

/** A definition must be able to lift every version there was: it throws as soon as its file is loaded. */
const checkUpcasters = (type: string, version: number, upcasters: Upcasters): void => {
  if (!Number.isInteger(version) || version < 1) {
    throw new Error(`${type}: its version is a whole number from 1, not ${version}`)
  }
  const expected = Array.from({ length: version - 1 }, (_, index) => String(index + 1))
  const present = Object.keys(upcasters)
  const missing = expected.filter((each) => !present.includes(each))
  const extra = present.filter((each) => !expected.includes(each))
  if (missing.length === 0 && extra.length === 0) return
  const has = [
    ...missing.map((each) => `none from version ${each} to ${Number(each) + 1}`),
    ...extra.map((each) => `one from version ${each}, which is not below the current one`)
  ]
  throw new Error(`${type}, version ${version}, needs one upcaster for each older version. It has ${has.join(", ")}`)
}

/** Declares one event. `type` is `namespace:action`, with `:debug` or `:raw` behind it for these levels. */
export const define = <const Type extends `${string}:${string}`, Payload extends Schema.Top>(
  type: Type,
  options: Options<Payload>
): Definition<Type, Payload> => {
  const { upcasters = {}, version = 1 } = options
  checkUpcasters(type, version, upcasters)
  return { level: "default", volatile: [], added: [], ...options, version, upcasters, type }
}

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
