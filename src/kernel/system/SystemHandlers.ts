/** What answers operations of Strata's own, so that a verification can run them again: no route leads to them. */
import { Context, Effect, Layer } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import type { Operation } from "../http/Operations.ts"
import type { RequestInput } from "../requests/RequestInput.ts"
import { Requests } from "../requests/Requests.ts"

/** Answers the text of a payload, within a request. */
type Answer = (payload: string) => Effect.Effect<Bytes<never>, unknown>

export class SystemHandlers extends Context.Service<SystemHandlers, {
  readonly register: (operation: Operation, answer: Answer) => Effect.Effect<void>
  /** Runs what was recorded of one again; what is registered for none is nothing. */
  readonly repeat: (input: Omit<RequestInput, "operation">) => Effect.Effect<void>
}>()("strata/kernel/system/SystemHandlers") {
  static readonly layer = Layer.effect(
    SystemHandlers,
    Effect.map(Requests, (requests) => {
      const answers = new Map<string, { readonly operation: Operation; readonly answer: Answer }>()
      return SystemHandlers.of({
        register: (operation, answer) => Effect.sync(() => void answers.set(operation.path, { operation, answer })),
        repeat: (input) => {
          const registered = answers.get(input.url)
          if (registered === undefined) return Effect.void
          const { answer, operation } = registered
          // What becomes of it stands in its events.
          return Effect.asVoid(Effect.exit(requests.run({ ...input, operation }, answer(String(input.body)))))
        }
      })
    })
  )
}
