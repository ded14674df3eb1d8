/** Deletes files whose time is over, and ends uploads that nobody completes. */
import { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { Projection, Row } from "../../events/projections/Projection.ts"
import * as RowFilter from "../../events/projections/RowFilter.ts"
import { addAll } from "../../events/types/AddAll.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { StoredDocument } from "../../kernel/documents/DocumentKind.ts"
import { FileKind, UploadKind } from "./FilesKinds.ts"
import { seconds } from "./FileStore.ts"

const pageSize = 500

const isSet = (column: string): RowFilter.RowFilter => RowFilter.not({ _tag: "Equals", column, value: null })

export interface Expiring<E> {
  readonly removeFile: (id: string) => Effect.Effect<unknown, E>
  readonly endUpload: (id: string) => Effect.Effect<unknown, E>
}

/** Gives how many there were. One that can't be deleted now is tried again the next time. */
export const run = Effect.fnUntraced(function*<E>({ endUpload, removeFile }: Expiring<E>) {
  const tables = yield* ProjectionTables
  const now = yield* seconds

  const over = Effect.fnUntraced(function*<A>(
    projection: Projection<StoredDocument<A>>,
    column: string,
    endOf: (value: A) => number | null
  ): Effect.fn.Return<ReadonlyArray<Row<StoredDocument<A>>>, EventLogUnavailable> {
    const expired: Array<Row<StoredDocument<A>>> = []
    let after = 0
    while (true) {
      const page = yield* tables.list(projection, { after, limit: pageSize, filter: isSet(column) })
      addAll(expired, page.filter(({ document }) => (endOf(document.value) ?? Infinity) <= now))
      if (page.length < pageSize) return expired
      after = page.at(-1)!.position
    }
  })

  const each = <A>(rows: ReadonlyArray<Row<A>>, end: (id: string) => Effect.Effect<unknown, E>) =>
    Effect.forEach(rows, ({ key, tenant }) =>
      end(key).pipe(
        Effect.provideService(CurrentTenant, tenant),
        Effect.catchCause((cause) => Effect.logWarning(`${key}, whose time is over, could not be deleted`, cause))
      ), { discard: true })

  const files = yield* over(FileKind.projection, "expires", ({ file }) => file.expires_at)
  const uploads = yield* over(UploadKind.projection, "pending_until", ({ upload }) => upload.expires_at)
  yield* each(files, removeFile)
  yield* each(uploads, endUpload)
  return { files: files.length, uploads: uploads.length }
})
