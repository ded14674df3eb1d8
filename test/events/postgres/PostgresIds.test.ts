/** Ids come back from their bytes, sort as their requests do, and stand for their causes in two bytes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as PostgresIds from "../../../src/events/postgres/PostgresIds.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import * as Postgres from "../../support/Postgres.ts"

const request = "01a22088-7f92-7808-8565-16be314c0000"
const looksLikeText = "ff000000-0000-4000-8000-0000000000ff"

const ids = [
  request,
  request.toUpperCase(),
  looksLikeText,
  "ÿÿ",
  "",
  "a",
  "fourteen chars",
  `${request}0`,
  request.slice(0, 20),
  `${request.slice(0, 19)}ffff-000000000000`
]

describe("PostgresIds", () => {
  it.effect.prop(
    "gives an id back, whatever it is, and no two the same bytes",
    { given: Schema.String, of: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: ids.length - 1 })) },
    ({ given, of }) =>
      Effect.sync(() => {
        const [one, other] = [Buffer.from(given).toString(), ids[of]!]
        assert.strictEqual(PostgresIds.ofBytes(PostgresIds.toBytes(one)), one)
        assert.strictEqual(PostgresIds.ofBytes(PostgresIds.toBytes(other)), other)
        assert.strictEqual(PostgresIds.toBytes(one).equals(PostgresIds.toBytes(other)), one === other)
      })
  )

  it("takes 16 bytes for a UUID, but for one that begins as texts do", () => {
    assert.strictEqual(PostgresIds.toBytes(request).length, 16)
    assert.strictEqual(PostgresIds.toBytes(looksLikeText).length, looksLikeText.length + 1)
  })

  it("has all ids of a request behind what they begin with", () => {
    for (const id of [request, "a-request-of-somebody-else"]) {
      const prefix = PostgresIds.prefixOf(EventIds.commonOf(id))
      assert.isTrue(PostgresIds.toBytes(EventIds.nth(id, 7)).subarray(0, prefix.length).equals(prefix))
    }
  })

  it("gives causes back: an event of the request in two bytes, any other whole", () => {
    const short = [1, 255, 256, 0xfeff].map((counter) => EventIds.nth(request, counter))
    for (const cause of short) assert.strictEqual(PostgresIds.causeToBytes(cause, request).length, 2)
    for (const cause of [...short, EventIds.nth(request, 0xffff), EventIds.ofCall(request, "1"), "x", ""]) {
      for (const  of of[request, null]) {
        assert.strictEqual(PostgresIds.causeOfBytes(PostgresIds.causeToBytes(cause, of), of), cause)
      }
    }
  })

  it.effect.skipIf(Postgres.unsupported !== undefined)(
    "are made of texts in the same way by SQL, and found by prefix",
    () =>
      Effect.gen(function*() {
        const schema = yield* Postgres.schema
        for (const id of ids) {
          const [row] = yield* Postgres.run(
            schema,
            `SELECT ${PostgresIds.fromText("id")} AS bytes, given >= prefix AND given < ${
              PostgresIds.behind("prefix")
            } AS found
           FROM (SELECT $1::text AS id, $2::bytea AS given, $3::bytea AS prefix) AS those`,
            [id, PostgresIds.toBytes(id), PostgresIds.prefixOf(EventIds.commonOf(id))]
          )
          assert.deepStrictEqual(Buffer.from(row?.["bytes"] as Uint8Array), PostgresIds.toBytes(id))
          assert.isTrue(row?.["found"])
        }
      })
  )
})
