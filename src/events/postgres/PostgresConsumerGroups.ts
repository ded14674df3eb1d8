/** Consumer groups in PostgreSQL: each change is one statement, so that members of several processes agree. */
import { Effect } from "effect"
import type { ConsumerGroup, GroupKey } from "../log/ConsumerGroups.ts"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import * as Principal from "../types/Principal.ts"
import type { Database, Row } from "./PostgresDatabase.ts"
import { unavailable } from "./PostgresFailure.ts"

const toGroup = (row: Row): ConsumerGroup => ({
  tenant: String(row["tenant"]),
  name: String(row["name"]),
  position: Number(row["position"]),
  member: row["member"] === null ? null : String(row["member"]),
  claimedUntil: row["claimed_until"] === null ? null : Number(row["claimed_until"]),
  owner: Principal.ofColumns(row["owner"], row["owner_attributes"])
})

const columns = "tenant, name, position, member, claimed_until, owner, owner_attributes"

/** May the member have it? */
const free = "(g.member IS NULL OR g.member = $2 OR g.claimed_until <= $4)"

const claimed = `INSERT INTO consumer_groups AS g (${columns}) VALUES ($7, $1, 0, $2, $3, $5, $6)
  ON CONFLICT (tenant, name) DO UPDATE SET
    member = CASE WHEN ${free} THEN $2 ELSE g.member END,
    claimed_until = CASE WHEN ${free} THEN $3 ELSE g.claimed_until END
  RETURNING ${columns}`

const moved = {
  byMember: `UPDATE consumer_groups SET position = $2
    WHERE tenant = $6 AND name = $1 AND member = $3 AND owner IS NOT DISTINCT FROM $4 AND ($5 OR position <= $2)
    RETURNING ${columns}`,
  byHand: `INSERT INTO consumer_groups AS g (${columns}) VALUES ($6, $1, $2, NULL, NULL, $3, $4)
    ON CONFLICT (tenant, name) DO UPDATE SET position = $2
    WHERE g.member IS NULL AND g.owner IS NOT DISTINCT FROM $3 AND ($5 OR g.position <= $2)
    RETURNING ${columns}`
}

export const make = (database: Database): ConsumerGroups["Service"] => {
  const written = (sql: string, parameters: ReadonlyArray<unknown>) =>
    unavailable("be written")(database.query(sql, parameters))
  const read = (sql: string, parameters: ReadonlyArray<unknown>) =>
    unavailable("be read")(Effect.map(database.query(sql, parameters), (rows) => rows.map(toGroup)))
  const get = ({ group, tenant }: GroupKey) =>
    Effect.map(
      read(`SELECT ${columns} FROM consumer_groups WHERE tenant = $1 AND name = $2`, [tenant, group]),
      ([one]) => one
    )

  return ConsumerGroups.of({
    claim: ({ duration, group, member, now, owner, tenant }) =>
      Effect.map(
        written(claimed, [group, member, BigInt(now + duration), BigInt(now), ...Principal.toColumns(owner), tenant]),
        ([row]) => toGroup(row!)
      ),
    release: ({ group, tenant }, member) =>
      Effect.asVoid(written(
        "UPDATE consumer_groups SET member = NULL, claimed_until = NULL WHERE tenant = $1 AND name = $2 AND member = $3",
        [tenant, group, member]
      )),
    moveTo: Effect.fnUntraced(function*({ group, member, owner, position, reset, tenant }) {
      const [id, attributes] = Principal.toColumns(owner)
      const [row] = member === null
        ? yield* written(moved.byHand, [group, BigInt(position), id, attributes, reset, tenant])
        : yield* written(moved.byMember, [group, BigInt(position), member, id, reset, tenant])
      return row === undefined
        ? { moved: false, group: yield* get({ tenant, group }) }
        : { moved: true, group: toGroup(row) }
    }),
    get,
    list: (tenant) => read(`SELECT ${columns} FROM consumer_groups WHERE tenant = $1 ORDER BY name`, [tenant]),
    remove: ({ group, tenant }, owner) =>
      Effect.map(
        written(
          `DELETE FROM consumer_groups WHERE tenant = $1 AND name = $2 AND owner IS NOT DISTINCT FROM $3 RETURNING name`,
          [tenant, group, Principal.toColumns(owner)[0]]
        ),
        (rows) => rows.length > 0
      )
  })
}
