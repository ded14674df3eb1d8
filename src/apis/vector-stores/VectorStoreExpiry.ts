/**
 * Removes the chunks of stores that have expired. That a store has is in the log first, so that nobody searches it while
 * they go; that they are gone is in the log behind, so that a server that was killed between goes on with it.
 */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import * as RowFilter from "../../events/projections/RowFilter.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import type { VectorIo } from "../vector-io/VectorIo.ts"
import type { FileAttachments } from "./FileAttachments.ts"
import type { VectorStoreFiles } from "./VectorStoreFiles.ts"
import type { VectorStoreRecords } from "./VectorStoreRecords.ts"
import { placeOf } from "./VectorStoreRecords.ts"
import * as Events from "./VectorStoresEvents.ts"
import { isExpired, VectorStoresKind } from "./VectorStoresKind.ts"

const pageSize = 500

const mayExpire = RowFilter.not({ _tag: "Equals", column: "chunks_until", value: null })

interface Options {
  readonly attachments: Pick<FileAttachments, "forEach">
  readonly files: Pick<VectorStoreFiles, "stop">
  readonly records: Pick<VectorStoreRecords, "stores" | "find">
  readonly index: Pick<VectorIo["Service"], "drop">
}

export const make = Effect.fnUntraced(function*({ attachments, files, index, records }: Options) {
  const tables = yield* ProjectionTables
  const { find, stores } = records

  const note = (id: string, chunks_removed: boolean) =>
    stores.change(id, "delete", ({ value: store }) =>
      Effect.gen(function*() {
        const isNoted = store.expired !== undefined && store.expired.chunks_removed === chunks_removed
        // It may have been used at the last moment.
        const holds = isExpired(store, yield* DocumentTime.seconds)
        return isNoted || !holds ? [] : [yield* Documents.draft(Events.Expired, { chunks_removed })]
      }))

  const remove = Effect.fnUntraced(function*(id: string) {
    yield* note(id, false)
    const store = yield* find(id)
    if (store?.expired === undefined) return false
    yield* attachments.forEach({ store: id, status: "in_progress" }, files.stop)
    yield* index.drop(placeOf(store))
    yield* note(id, true)
    return true
  })

  /** Gives how many there were. One whose chunks can't be removed now is tried again the next time. */
  return Effect.gen(function*(): Effect.fn.Return<number, EventLogUnavailable> {
    const now = yield* DocumentTime.seconds
    let count = 0
    let after = 0
    while (true) {
      const page = yield* tables.list(VectorStoresKind.projection, { after, limit: pageSize, filter: mayExpire })
      for (const { document: { value }, key, tenant } of page) {
        if (!isExpired(value, now)) continue
        const removed = yield* remove(key).pipe(
          Effect.provideService(CurrentTenant, tenant),
          Effect.catchCause((cause) =>
            Effect.as(Effect.logWarning(`The chunks of ${key}, which has expired, could not be removed`, cause), false)
          )
        )
        if (removed) count++
      }
      if (page.length < pageSize) return count
      after = page.at(-1)!.position
    }
  })
})
