/** Binds the endpoints of vector stores to their service. */
import { Effect } from "effect"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as FileContentAnswer from "./FileContentAnswer.ts"
import { VectorStores } from "./VectorStores.ts"
import { failures, mapErrors } from "./VectorStoresErrors.ts"
import { VectorStoresRoutes } from "./VectorStoresRoutes.ts"

const ofFile = failures.mapErrors("file_id")

const deleted = <const Kind extends string>(id: string, object: Kind) => ({ id, object, deleted: true as const })

export const VectorStoresHandlers = ApiHandlers.make(
  VectorStoresRoutes,
  Effect.fn(function*(handlers) {
    const stores = yield* VectorStores
    return handlers.handleAll({
      createVectorStore: ({ payload }) => mapErrors(stores.create(payload)),
      listVectorStores: ({ query }) => Effect.map(mapErrors(stores.list(query)), toList),
      retrieveVectorStore: ({ params }) => mapErrors(stores.get(params.vector_store_id)),
      updateVectorStore: ({ params, payload }) => mapErrors(stores.update(params.vector_store_id, payload)),
      deleteVectorStore: ({ params: { vector_store_id: id } }) =>
        Effect.as(mapErrors(stores.remove(id)), deleted(id, "vector_store.deleted")),
      searchVectorStore: ({ params, payload }) => mapErrors(stores.search([params.vector_store_id], payload)),
      createVectorStoreFile: ({ params, payload }) => mapErrors(stores.attach(params.vector_store_id, payload)),
      listVectorStoreFiles: ({ params, query }) =>
        Effect.map(mapErrors(stores.listFiles(params.vector_store_id, query)), toList),
      retrieveVectorStoreFile: ({ params }) => ofFile(stores.getFile(params.vector_store_id, params.file_id)),
      updateVectorStoreFile: ({ params, payload }) =>
        ofFile(stores.updateFile(params.vector_store_id, params.file_id, payload)),
      deleteVectorStoreFile: ({ params: { file_id, vector_store_id } }) =>
        Effect.as(ofFile(stores.detach(vector_store_id, file_id)), deleted(file_id, "vector_store.file.deleted")),
      retrieveVectorStoreFileContent: ({ params, query }) =>
        Effect.map(
          ofFile(stores.content(params.vector_store_id, params.file_id, {
            embeddings: query.include_embeddings,
            metadata: query.include_metadata
          })),
          FileContentAnswer.of
        ),
      createVectorStoreFileBatch: ({ params, payload }) =>
        mapErrors(stores.createBatch(params.vector_store_id, payload)),
      retrieveVectorStoreFileBatch: ({ params }) => mapErrors(stores.getBatch(params.vector_store_id, params.batch_id)),
      cancelVectorStoreFileBatch: ({ params }) =>
        mapErrors(stores.cancelBatch(params.vector_store_id, params.batch_id)),
      listFilesInVectorStoreBatch: ({ params, query }) =>
        Effect.map(mapErrors(stores.listFiles(params.vector_store_id, query, params.batch_id)), toList)
    })
  })
)
