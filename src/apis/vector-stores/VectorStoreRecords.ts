/** Vector stores as clients get them: the document, with how many files it has. */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import { VectorStoresKind } from "./VectorStoresKind.ts"
import type { FileCounts, VectorStore } from "./VectorStoresModels.ts"
import type { Totals } from "./VectorStoreTables.ts"
import { nothing, TotalsTable } from "./VectorStoreTables.ts"

const secondsOfDay = 86_400

export const expiresAt = ({ expires_after, last_active_at }: KeptStore): number | null =>
  expires_after === null ? null : last_active_at + expires_after.days * secondsOfDay

export const countsOf = ({ cancelled, completed, failed, in_progress }: Totals): FileCounts => ({
  in_progress,
  completed,
  failed,
  cancelled,
  total: in_progress + completed + failed + cancelled
})

export const placeOf = ({ id, provider_id }: KeptStore) => ({ provider: provider_id, collection: id })

const shapeOf = (store: KeptStore, totals: Totals, now: number): VectorStore => {
  const { created_at, embedding_model, expires_after, id, last_active_at, metadata, name, provider_id } = store
  const expires_at = expiresAt(store)
  const status = totals.in_progress > 0 ? "in_progress" as const : "completed" as const
  return {
    id,
    object: "vector_store",
    created_at,
    name,
    usage_bytes: totals.usage_bytes,
    file_counts: countsOf(totals),
    status: expires_at !== null && expires_at <= now ? "expired" : status,
    expires_after,
    expires_at,
    last_active_at,
    metadata,
    provider_id,
    embedding_model
  }
}

export type VectorStoreRecords = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const tables = yield* ProjectionTables
  const stores = yield* Documents.of(VectorStoresKind)

  const withCounts = Effect.fnUntraced(function*(store: KeptStore): Effect.fn.Return<VectorStore, EventLogUnavailable> {
    const row = yield* tables.get(TotalsTable, yield* CurrentTenant, store.id)
    return shapeOf(store, row?.document ?? nothing, yield* DocumentTime.seconds)
  })

  return {
    stores,
    withCounts,
    /** The store, where who asks may change it. */
    changeable: (id: string) =>
      Effect.flatMap(
        stores.change(id, "update", () => Effect.succeed([])),
        (document) => document === undefined ? Effect.die(new Error(`${id} was there`)) : Effect.succeed(document.value)
      ),
    /** Whoever asks; undefined: there is none. */
    find: Effect.fnUntraced(function*(id: string) {
      return (yield* tables.get(VectorStoresKind.projection, yield* CurrentTenant, id))?.document.value
    })
  }
})
