/** What a person types into `strata chat`: lines, and Ctrl-C, which ends a turn and not the chat. */
import { Effect, Queue } from "effect"
import type { Scope } from "effect"
import { createInterface } from "node:readline"

export type Input =
  | { readonly _tag: "Line"; readonly text: string }
  | { readonly _tag: "Interrupt" }
  /** Nobody types any more. */
  | { readonly _tag: "End" }

export interface ChatInput {
  readonly inputs: Queue.Queue<Input>
  /** Waits for a line where there is a terminal: shows that it does. */
  readonly prompt: (text: string) => void
}

/** Signals that ended the program before reach the chat as long as it runs. */
const interrupts = (interrupted: () => void): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(Effect.acquireRelease(
    Effect.sync(() => {
      const before = process.listeners("SIGINT")
      process.removeAllListeners("SIGINT")
      process.on("SIGINT", interrupted)
      return before
    }),
    (before) =>
      Effect.sync(() => {
        process.off("SIGINT", interrupted)
        for (const listener of before) process.on("SIGINT", listener)
      })
  ))

export const make: Effect.Effect<ChatInput, never, Scope.Scope> = Effect.gen(function*() {
  const inputs = yield* Queue.unbounded<Input>()
  const put = (input: Input) => void Queue.offerUnsafe(inputs, input)
  const interrupted = () => put({ _tag: "Interrupt" })
  yield* interrupts(interrupted)
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  const lines = yield* Effect.acquireRelease(
    Effect.sync(() =>
      createInterface({ input: process.stdin, ...terminal ? { output: process.stdout } : {}, terminal })
    ),
    (lines) => Effect.sync(() => lines.close())
  )
  lines.on("line", (text) => put({ _tag: "Line", text }))
  lines.on("SIGINT", interrupted)
  lines.on("close", () => put({ _tag: "End" }))
  return {
    inputs,
    prompt: (text) => {
      if (!terminal) return
      lines.setPrompt(text)
      lines.prompt()
    }
  }
})
