/** Consumer groups in SQLite. */
import { Effect } from "effect"
import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import type { ConsumerGroup } from "../log/ConsumerGroups.ts"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import { attempt } from "./SqliteAttempt.ts"

const toGroup = (row: Record<string, SQLOutputValue>): ConsumerGroup => ({
  name: String(row["name"]),
  position: Number(row["position"]),
  member: row["member"] === null ? null : String(row["member"]),
  claimedUntil: row["claimed_until"] === null ? null : Number(row["claimed_until"])
})

export const make = (database: DatabaseSync): ConsumerGroups["Service"] => {
  const select = database.prepare("SELECT * FROM consumer_groups WHERE name = ?")
  const find = (name: string) => {
    const row = select.get(name)
    return row === undefined ? undefined : toGroup(row)
  }
  const written = <A>(work: () => A) => attempt("be written", work)

  return ConsumerGroups.of({
    claim: ({ duration, group, member, now }) =>
      written(() => {
        database.prepare(
          `INSERT INTO consumer_groups VALUES (?1, 0, ?2, ?3)
           ON CONFLICT (name) DO UPDATE SET member = ?2, claimed_until = ?3
           WHERE member IS NULL OR member = ?2 OR claimed_until <= ?4`
        ).run(group, member, now + duration, now)
        return find(group)!
      }),
    release: (group, member) =>
      Effect.asVoid(written(() =>
        database.prepare(
          "UPDATE consumer_groups SET member = NULL, claimed_until = NULL WHERE name = ? AND member = ?"
        ).run(group, member)
      )),
    moveTo: (group, position, member) =>
      written(() => {
        if (member === null) {
          database.prepare("INSERT OR IGNORE INTO consumer_groups VALUES (?, 0, NULL, NULL)").run(group)
        }
        return database.prepare("UPDATE consumer_groups SET position = ? WHERE name = ? AND member IS ?")
          .run(position, group, member).changes === 1
      }),
    get: (group) => attempt("be read", () => find(group)),
    list: attempt("be read", () => database.prepare("SELECT * FROM consumer_groups ORDER BY name").all().map(toGroup)),
    remove: (group) =>
      written(() => database.prepare("DELETE FROM consumer_groups WHERE name = ?").run(group).changes === 1)
  })
}
