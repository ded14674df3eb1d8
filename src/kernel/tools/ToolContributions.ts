/** Tools that parts of a program bring, for a provider to run: those of `tools.code` by `inline::code`. */
import { Effect, Layer, Predicate, Schema } from "effect"
import * as Channel from "../contributions/Channel.ts"
import { Contributions } from "../contributions/Contributions.ts"
import type { Tool } from "./Tool.ts"

const isTool = (value: unknown): value is Tool =>
  Predicate.isObject(value) && Predicate.isObject(Reflect.get(value, "definition")) &&
  Predicate.isFunction(Reflect.get(value, "run"))

/** A channel of tools of its own. */
export const named = (name: string) =>
  Channel.make(name, Schema.Array(Schema.declare(isTool, { expected: "a tool, as Tool.make makes it" })))

export const channel = named("tools.code")

/** A Layer that brings tools for as long as it lives; `name`: who does, for people. */
export const contribute = (name: string, tools: ReadonlyArray<Tool>): Layer.Layer<never, never, Contributions> =>
  Layer.effectDiscard(
    Effect.flatMap(Contributions, (contributions) => contributions.register(channel, name, tools))
  )
