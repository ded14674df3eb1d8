/** Binds the endpoints of chunks to the stores they are in. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { VectorStores } from "../vector-stores/VectorStores.ts"
import { mapErrors, NotServed } from "../vector-stores/VectorStoresErrors.ts"
import { VectorIoRoutes } from "./VectorIoRoutes.ts"

const stores = Effect.flatMap(
  Effect.serviceOption(VectorStores),
  (service) =>
    service._tag === "Some" ? Effect.succeed(service.value) : Effect.fail(new NotServed({ api: "vector_stores" }))
)

export const VectorIoHandlers = ApiHandlers.make(
  VectorIoRoutes,
  Effect.fn(function*(handlers) {
    const served = yield* Effect.cached(stores)
    const context = yield* Effect.context<never>()
    const ask = Effect.provideContext(served, context)
    return handlers.handleAll({
      insertChunks: ({ payload }) => mapErrors(Effect.flatMap(ask, (service) => service.insert(payload))),
      queryChunks: ({ payload }) => mapErrors(Effect.flatMap(ask, (service) => service.query(payload))),
      listChunks: ({ query }) => mapErrors(Effect.flatMap(ask, (service) => service.chunks(query))),
      countChunks: ({ query }) => mapErrors(Effect.flatMap(ask, (service) => service.countChunks(query))),
      updateChunks: ({ payload }) => mapErrors(Effect.flatMap(ask, (service) => service.updateChunks(payload))),
      removeChunks: ({ payload }) => mapErrors(Effect.flatMap(ask, (service) => service.removeChunks(payload)))
    })
  })
)
