/** A named place where parts of a program put values of one type, for whoever wants all of them. */
import type { Effect, Schema } from "effect"

export interface Channel<S extends Schema.Top> {
  /** `domain.purpose` where the channel is for everyone (`observability.events`), `owner:purpose` where it is not. */
  readonly name: string
  /** What every value must be. */
  readonly value: S
}

/** A value, or how to get one each time somebody asks; nothing and null are left out. */
export type Contribution<A> = A | null | undefined | Effect.Effect<A | null | undefined | void, unknown>

export const make = <S extends Schema.Top>(name: string, value: S): Channel<S> => ({ name, value })
