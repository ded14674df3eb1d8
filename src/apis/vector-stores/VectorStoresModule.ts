/** Vector stores of clients. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import {
  BatchCancelled,
  BatchCreated,
  Created,
  Deleted,
  Expired,
  FileAttached,
  FileDetached,
  FileEnded,
  FileUpdated,
  Updated,
  Used
} from "./VectorStoresEvents.ts"
import { VectorStoresKind } from "./VectorStoresKind.ts"
import { VectorStoresRoutes } from "./VectorStoresRoutes.ts"
import { BatchesTable, FilesTable, TotalsTable } from "./VectorStoreTables.ts"

export const VectorStoresModule = ApiModule.make({
  name: "vector_stores",
  routes: VectorStoresRoutes,
  events: [
    Created,
    Updated,
    Used,
    Expired,
    Deleted,
    FileAttached,
    FileUpdated,
    FileEnded,
    FileDetached,
    BatchCreated,
    BatchCancelled
  ],
  projections: [VectorStoresKind.projection, FilesTable, TotalsTable, BatchesTable],
  live: () => import("./VectorStoresLive.ts")
})
