/** Vector stores as clients get them: the document, with how many files it has. */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { DocumentConflict } from "../../kernel/documents/DocumentErrors.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import { expiresAt, isExpired, VectorStoresKind } from "./VectorStoresKind.ts"
import type { FileCounts, VectorStore } from "./VectorStoresModels.ts"
import type { Totals } from "./VectorStoreTables.ts"
import { nothing, TotalsTable } from "./VectorStoreTables.ts"

export const countsOf = ({ cancelled, completed, failed, in_progress }: Totals): FileCounts => ({
  in_progress,
  completed,
  failed,
  cancelled,
  total: in_progress + completed + failed + cancelled
})

export const placeOf = ({ collection, id, provider_id }: KeptStore) => ({
  provider: provider_id,
  collection: collection ?? id
})

const shapeOf = (store: KeptStore, totals: Totals, now: number): VectorStore => {
  const {
    created_at,
    description = null,
    embedding_model,
    expires_after,
    id,
    last_active_at,
    metadata,
    name,
    provider_id
  } = store
  const expires_at = expiresAt(store)
  const status = totals.in_progress > 0 ? "in_progress" as const : "completed" as const
  return {
    id,
    object: "vector_store",
    created_at,
    name,
    description,
    usage_bytes: store.expired === undefined ? totals.usage_bytes : 0,
    file_counts: countsOf(totals),
    status: isExpired(store, now) ? "expired" : status,
    expires_after,
    expires_at,
    last_active_at,
    metadata,
    provider_id,
    embedding_model
  }
}

const expired = (id: string) =>
  new DocumentConflict({
    type: "vector_store",
    code: "vector_store_expired",
    message:
      `The vector store ${id} has expired: make another one of its files, with expires_after of more days or none.`
  })

export const unlessExpired = (store: KeptStore): Effect.Effect<void, DocumentConflict> =>
  Effect.flatMap(DocumentTime.seconds, (now) => isExpired(store, now) ? Effect.fail(expired(store.id)) : Effect.void)

export type VectorStoreRecords = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const tables = yield* ProjectionTables
  const stores = yield* Documents.of(VectorStoresKind)

  const withCounts = Effect.fnUntraced(function*(store: KeptStore): Effect.fn.Return<VectorStore, EventLogUnavailable> {
    const row = yield* tables.get(TotalsTable, yield* CurrentTenant, store.id)
    return shapeOf(store, row?.document ?? nothing, yield* DocumentTime.seconds)
  })

  const changeable = (id: string) =>
    Effect.flatMap(
      stores.change(id, "update", () => Effect.succeed([])),
      (document) => document === undefined ? Effect.die(new Error(`${id} was there`)) : Effect.succeed(document.value)
    )

  return {
    stores,
    withCounts,
    /** The store, where who asks may change it. */
    changeable,
    /** The same of one that has not expired: what has, takes nothing more. */
    inUse: (id: string) => Effect.tap(changeable(id), unlessExpired),
    /** Whoever asks; undefined: there is none. */
    find: Effect.fnUntraced(function*(id: string) {
      return (yield* tables.get(VectorStoresKind.projection, yield* CurrentTenant, id))?.document.value
    })
  }
})
