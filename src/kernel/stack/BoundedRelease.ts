/** A scope for an instance that ends in bounded time: what takes longer is left behind and named. */
import { Effect, Scope } from "effect"
import type { Exit } from "effect"
import { withinTime } from "../provider/WithinTime.ts"
import { Supervision } from "./Supervision.ts"

export interface BoundedScope {
  readonly scope: Scope.Scope
  /** Releases it now. */
  readonly close: (exit: Exit.Exit<unknown, unknown>) => Effect.Effect<void>
}

/** Closes with its parent at the latest. `name`: the instance, for people. */
export const fork = Effect.fnUntraced(function*(
  parent: Scope.Scope,
  name: string
): Effect.fn.Return<BoundedScope> {
  const { releaseTimeout } = yield* Supervision
  const context = yield* Effect.context()
  const outer = yield* Scope.fork(parent)
  const scope = yield* Scope.make()

  const leftBehind = (message: string) =>
    Effect.logWarning(`The provider ${name} is left behind: ${message}. What it holds ends with the process.`)

  yield* Scope.addFinalizerExit(
    outer,
    (exit) =>
      withinTime(Scope.close(scope, exit), { limit: releaseTimeout, late: "it did not end" }).pipe(
        Effect.catchTag("NoResult", ({ message }) => leftBehind(message)),
        Effect.provideContext(context)
      )
  )
  return { scope, close: (exit) => Scope.close(outer, exit) }
})
