/** A terminal in which these keys are pressed, and then nobody is there any more. */
import type { Cause } from "effect"
import { Effect, Layer, Option, Queue, Stdio, Terminal } from "effect"

export type Key = string | { readonly name: string; readonly ctrl?: boolean }

export const enter: Key = { name: "enter" }
export const space: Key = { name: "space" }
export const down: Key = { name: "down" }

/** Types a text in place of what is suggested. */
export const answer = (text: string): ReadonlyArray<Key> => [{ name: "u", ctrl: true }, ...text, enter]

const toInput = (key: Key): Terminal.UserInput => {
  const { ctrl = false, name } = typeof key === "string" ? { name: key } : key
  const input = typeof key === "string" ? Option.some(key) : name === "space" ? Option.some(" ") : Option.none()
  return { input, key: { name, ctrl, meta: false, shift: false } }
}

const stdio = Layer.effect(
  Stdio.Stdio,
  Effect.map(Stdio.Stdio, (stdio) => ({
    ...stdio,
    stdinIsTerminal: Effect.succeed(true),
    stdoutIsTerminal: Effect.succeed(true)
  }))
)

/** `display` gets what is shown. */
export const layer = (keys: ReadonlyArray<Key>, display: (text: string) => void = () => undefined) =>
  Layer.merge(
    stdio,
    Layer.effect(
      Terminal.Terminal,
      Effect.gen(function*() {
        const inputs = yield* Queue.unbounded<Terminal.UserInput, Cause.Done>()
        yield* Queue.offerAll(inputs, keys.map(toInput))
        yield* Queue.end(inputs)
        return Terminal.make({
          columns: Effect.succeed(120),
          rows: Effect.succeed(40),
          size: Effect.never,
          readInput: Effect.succeed(inputs),
          readLine: Effect.succeed(""),
          display: (text) => Effect.sync(() => display(text))
        })
      })
    )
  )
