/** Consumer groups in PostgreSQL: each operation is one statement, so that members of several processes agree. */
import { Effect } from "effect"
import type { ConsumerGroup } from "../log/ConsumerGroups.ts"
import { ConsumerGroups } from "../log/ConsumerGroups.ts"
import type { Database, Row } from "./PostgresDatabase.ts"
import { unavailable } from "./PostgresFailure.ts"

const toGroup = (row: Row): ConsumerGroup => ({
  name: String(row["name"]),
  position: Number(row["position"]),
  member: row["member"] === null ? null : String(row["member"]),
  claimedUntil: row["claimed_until"] === null ? null : Number(row["claimed_until"])
})

const columns = "name, position, member, claimed_until"

/** May the member have it? */
const free = "(g.member IS NULL OR g.member = $2 OR g.claimed_until <= $4)"

const claimed = `INSERT INTO consumer_groups AS g (${columns}) VALUES ($1, 0, $2, $3)
  ON CONFLICT (name) DO UPDATE SET
    member = CASE WHEN ${free} THEN $2 ELSE g.member END,
    claimed_until = CASE WHEN ${free} THEN $3 ELSE g.claimed_until END
  RETURNING ${columns}`

const moved = {
  byMember: "UPDATE consumer_groups SET position = $2 WHERE name = $1 AND member = $3 RETURNING name",
  byHand: `INSERT INTO consumer_groups AS g (name, position) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET position = $2 WHERE g.member IS NULL RETURNING name`
}

export const make = (database: Database): ConsumerGroups["Service"] => {
  const written = (sql: string, parameters: ReadonlyArray<unknown>) =>
    unavailable("be written")(database.query(sql, parameters))
  const read = (sql: string, parameters: ReadonlyArray<unknown>) =>
    unavailable("be read")(Effect.map(database.query(sql, parameters), (rows) => rows.map(toGroup)))
  const isAny = (rows: ReadonlyArray<Row>) => rows.length > 0

  return ConsumerGroups.of({
    claim: ({ duration, group, member, now }) =>
      Effect.map(
        written(claimed, [group, member, BigInt(now + duration), BigInt(now)]),
        ([row]) => toGroup(row!)
      ),
    release: (group, member) =>
      Effect.asVoid(written(
        "UPDATE consumer_groups SET member = NULL, claimed_until = NULL WHERE name = $1 AND member = $2",
        [group, member]
      )),
    moveTo: (group, position, member) =>
      Effect.map(
        member === null
          ? written(moved.byHand, [group, BigInt(position)])
          : written(moved.byMember, [group, BigInt(position), member]),
        isAny
      ),
    get: (group) => Effect.map(read(`SELECT ${columns} FROM consumer_groups WHERE name = $1`, [group]), ([one]) => one),
    list: read(`SELECT ${columns} FROM consumer_groups ORDER BY name`, []),
    remove: (group) => Effect.map(written("DELETE FROM consumer_groups WHERE name = $1 RETURNING name", [group]), isAny)
  })
}
