/** Consumer groups in SQLite. */
import { Effect } from "effect"
import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import type { ConsumerGroup, GroupKey } from "../log/ConsumerGroups.ts"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import * as Principal from "../types/Principal.ts"
import { attempt } from "./SqliteAttempt.ts"

const toGroup = (row: Record<string, SQLOutputValue>): ConsumerGroup => ({
  tenant: String(row["tenant"]),
  name: String(row["name"]),
  position: Number(row["position"]),
  member: row["member"] === null ? null : String(row["member"]),
  claimedUntil: row["claimed_until"] === null ? null : Number(row["claimed_until"]),
  owner: Principal.ofColumns(row["owner"], row["owner_attributes"])
})

const columns = "tenant, name, position, member, claimed_until, owner, owner_attributes"

export const make = (database: DatabaseSync): ConsumerGroups["Service"] => {
  const select = database.prepare("SELECT * FROM consumer_groups WHERE tenant = ? AND name = ?")
  const find = ({ group, tenant }: GroupKey) => {
    const row = select.get(tenant, group)
    return row === undefined ? undefined : toGroup(row)
  }
  const written = <A>(work: () => A) => attempt("be written", work)

  return ConsumerGroups.of({
    claim: ({ duration, group, member, now, owner, tenant }) =>
      written(() => {
        database.prepare(
          `INSERT INTO consumer_groups (${columns}) VALUES (?7, ?1, 0, ?2, ?3, ?5, ?6)
           ON CONFLICT (tenant, name) DO UPDATE SET member = ?2, claimed_until = ?3
           WHERE member IS NULL OR member = ?2 OR claimed_until <= ?4`
        ).run(group, member, now + duration, now, ...Principal.toColumns(owner), tenant)
        return find({ tenant, group })!
      }),
    release: ({ group, tenant }, member) =>
      Effect.asVoid(written(() =>
        database.prepare(
          "UPDATE consumer_groups SET member = NULL, claimed_until = NULL WHERE tenant = ? AND name = ? AND member = ?"
        ).run(tenant, group, member)
      )),
    moveTo: ({ group, member, owner, position, reset, tenant }) =>
      written(() => {
        const [id, attributes] = Principal.toColumns(owner)
        const changed = member === null
          ? database.prepare(
            `INSERT INTO consumer_groups (${columns}) VALUES (?6, ?1, ?2, NULL, NULL, ?3, ?4)
             ON CONFLICT (tenant, name) DO UPDATE SET position = ?2
             WHERE member IS NULL AND owner IS ?3 AND (?5 OR position <= ?2)`
          ).run(group, position, id, attributes, Number(reset), tenant)
          : database.prepare(
            `UPDATE consumer_groups SET position = ?2
             WHERE tenant = ?6 AND name = ?1 AND member = ?3 AND owner IS ?4 AND (?5 OR position <= ?2)`
          ).run(group, position, member, id, Number(reset), tenant)
        return { moved: changed.changes === 1, group: find({ tenant, group }) }
      }),
    get: (key) => attempt("be read", () => find(key)),
    list: (tenant) =>
      attempt(
        "be read",
        () => database.prepare("SELECT * FROM consumer_groups WHERE tenant = ? ORDER BY name").all(tenant).map(toGroup)
      ),
    remove: ({ group, tenant }, owner) =>
      written(() =>
        database.prepare("DELETE FROM consumer_groups WHERE tenant = ? AND name = ? AND owner IS ?")
          .run(tenant, group, Principal.toColumns(owner)[0]).changes === 1
      )
  })
}
