/** `tools.code`: tools that parts of a program bring, for the provider `inline::code` to run. */
import { Effect, Layer, Predicate, Schema } from "effect"
import * as Channel from "../contributions/Channel.ts"
import { Contributions } from "../contributions/Contributions.ts"
import type { Tool } from "./Tool.ts"

const isTool = (value: unknown): value is Tool =>
  Predicate.isObject(value) && Predicate.isObject(Reflect.get(value, "definition")) &&
  Predicate.isFunction(Reflect.get(value, "run"))

export const channel = Channel.make(
  "tools.code",
  Schema.Array(Schema.declare(isTool, { expected: "a tool, as Tool.make makes it" }))
)

/** A Layer that brings tools for as long as it lives; `name`: who does, for people. */
export const contribute = (name: string, tools: ReadonlyArray<Tool>): Layer.Layer<never, never, Contributions> =>
  Layer.effectDiscard(
    Effect.flatMap(Contributions, (contributions) => contributions.register(channel, name, tools))
  )
