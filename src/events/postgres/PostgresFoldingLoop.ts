/** Keeps the tables less than a second behind the log while it is open, and up to its end when it is closed. */
import { Effect } from "effect"
import type { PostgresFolding } from "./PostgresFolding.ts"

/** Between two slices of what this process has written. */
const pause = "100 millis"

/** So many, where this process writes nothing: one of the others may have died, and left it what it wrote. */
const idlePauses = 5

/** Between two tries while the database is away. */
const pauseOfOutage = "1 second"

export const start = (folding: PostgresFolding) => {
  let [pauses, isAway] = [0, false]

  const failed = (error: { readonly message: string }) => {
    const wasAway = isAway
    isAway = true
    return Effect.andThen(
      wasAway ? Effect.void : Effect.logWarning(`Tables are not folded: ${error.message}`),
      Effect.sleep(pauseOfOutage)
    )
  }
  const fold = Effect.suspend(() => {
    if (!folding.isBehind && ++pauses < idlePauses) return Effect.void
    pauses = 0
    return Effect.matchEffect(folding.foldWhatIsFree, {
      onFailure: failed,
      onSuccess: () =>
        Effect.sync(() => {
          isAway = false
        })
    })
  })
  const rest = Effect.catch(
    folding.foldWhatIsFree,
    (error) => Effect.logWarning(`Tables are folded when the log is opened again: ${error.message}`)
  )
  return Effect.andThen(
    Effect.addFinalizer(() => rest),
    Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(pause), fold)))
  )
}
