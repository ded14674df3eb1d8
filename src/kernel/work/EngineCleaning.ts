/** Clears from the engine's tables what it has done with: they would grow with each piece of work, and the log has it all. */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** So many at once. */
const most = 10_000

/** An end that the engine keeps; what waits for a time has another reply. */
const complete = "%\"_tag\":\"Complete\"%"

/** Clears what had ended the last time, too: whoever has just asked for it has its answer by now. */
export const make = (entityType: string) =>
  Effect.map(SqlClient.SqlClient, (sql) => {
    let ended: ReadonlySet<string> = new Set()
    const clear = (ids: ReadonlyArray<string>) =>
      Effect.andThen(
        sql`DELETE FROM cluster_replies WHERE request_id IN (
          SELECT id FROM cluster_messages WHERE entity_id IN ${sql.in(ids)}
        )`,
        sql`DELETE FROM cluster_messages WHERE entity_id IN ${sql.in(ids)}`
      )
    return Effect.gen(function*() {
      const rows = yield* sql<{ readonly entity_id: string }>`
        SELECT m.entity_id FROM cluster_messages m JOIN cluster_replies r ON r.request_id = m.id
        WHERE m.entity_type = ${entityType} AND m.tag = 'run' AND r.payload LIKE ${complete} LIMIT ${most}
      `
      const ids = rows.map(({ entity_id }) => entity_id)
      const old = ids.filter((id) => ended.has(id))
      ended = new Set(ids)
      if (old.length > 0) yield* clear(old)
    })
  })
