/** Batches: kept as documents, done as durable work, each line a request of its own. */
import { Effect, Layer, Option } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { DocumentConflict } from "../../kernel/documents/DocumentErrors.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Work } from "../../kernel/work/Work.ts"
import { Files } from "../files/Files.ts"
import { Batches } from "./Batches.ts"
import { BatchesHandlers } from "./BatchesHandlers.ts"
import { isOver } from "./BatchKind.ts"
import * as BatchRun from "./BatchRun.ts"
import * as BatchStore from "./BatchStore.ts"
import { BatchWork } from "./BatchWork.ts"
import * as FileBatches from "./FileBatches.ts"
import * as MessageBatches from "./MessageBatches.ts"
import * as MessageBatchResults from "./MessageBatchResults.ts"

const messages = "message_batches"

export const layer = Layer.effect(
  Batches,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const files = Option.getOrUndefined(yield* Effect.serviceOption(Files))
    const store = yield* BatchStore.make
    const work = yield* Work
    const { run, settled } = yield* BatchRun.make(files)
    // A vendor is told, and what it has done by then is taken over.
    yield* work.register(BatchWork, run, settled, ({ provider_id }) => provider_id !== undefined)

    return Batches.of({
      create: FileBatches.make(store, files),
      list: (query) => store.list("batches", query),
      get: (id) => store.get("batches", id),
      cancel: (id) => store.cancel("batches", id),
      createMessages: MessageBatches.make(store),
      listMessages: ({ after_id: after, before_id: before, limit }) => store.list(messages, { after, before, limit }),
      getMessages: (id) => store.get(messages, id),
      cancelMessages: (id) => store.cancel(messages, id),
      removeMessages: (id) => store.remove(messages, id),
      results: Effect.fnUntraced(function*(id) {
        const batch = yield* store.get(messages, id)
        return isOver(batch) ? MessageBatchResults.make(hub, batch) : yield* new DocumentConflict({
          type: "batch",
          code: "batch_not_ended",
          message: `The batch ${id} has not ended: its results are there when processing_status is "ended".`
        })
      })
    })
  })
)

export const live = ApiModule.live({ handlers: BatchesHandlers, layer })
