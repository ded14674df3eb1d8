/** Keeps the payloads of the log within their limits while the server runs, each time as a request of `system`. */
import { Effect, Layer, Schedule } from "effect"
import * as Retention from "../../events/log/Retention.ts"
import { changeOrigin } from "./ChangeOrigin.ts"
import * as SystemOperations from "./SystemOperations.ts"
import { SystemRequests } from "./SystemRequests.ts"

/** A failure is logged, and the next time tries again. */
export const layer = (options: Retention.Options) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const system = yield* SystemRequests
    yield* system.run(
      SystemOperations.Retention,
      {},
      Retention.enforce(options, changeOrigin),
      (removed) => ({ ...removed })
    ).pipe(
      Effect.catch((error) => Effect.logWarning(`Payloads could not be pruned: ${error.message}`)),
      Effect.repeat(Schedule.spaced(options.interval)),
      Effect.forkScoped
    )
  }))
