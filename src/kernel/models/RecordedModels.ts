/** The registry of models as it was at a position of a recorded log. */
import { Effect, Layer } from "effect"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { ModelRegistry, notFound } from "./ModelRegistry.ts"
import * as ModelTable from "./ModelTable.ts"

/** `position` says as of when the next look is. */
export const layer = (events: ReadonlyArray<RecordedEvent>, position: () => number) =>
  Layer.sync(ModelRegistry, () => {
    const tableNow = () =>
      events.filter((event) => event.position <= position()).reduce(ModelTable.evolve, ModelTable.empty)
    return ModelRegistry.of({
      table: Effect.sync(tableNow),
      find: (modelId) =>
        Effect.suspend(() => {
          const table = tableNow()
          const found = table.get(modelId)
          return found === undefined ? Effect.fail(notFound(table, modelId)) : Effect.succeed(found)
        })
    })
  })
