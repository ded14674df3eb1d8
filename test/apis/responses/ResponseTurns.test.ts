/** What the last response of a long conversation asks of the log: as much as the second, made and got. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { SQLOutputValue } from "node:sqlite"
import { StatementSync } from "node:sqlite"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import * as World from "../../support/ResponsesWorld.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

interface Cost {
  readonly statements: number
  /** Characters and bytes of the rows that they gave. */
  readonly read: number
}

type Row = Readonly<Record<string, SQLOutputValue>>

const sizeOf = (row: Row | undefined): number =>
  Object.values(row ?? {}).reduce<number>(
    (sum, value) => sum + (typeof value === "string" || value instanceof Uint8Array ? value.length : 0),
    0
  )

type Method = (...given: ReadonlyArray<unknown>) => unknown

const names = ["run", "get", "all", "iterate"] as const

/** Counts what `node:sqlite` is asked from here on, in this process. */
const counting = Effect.acquireRelease(
  Effect.sync(() => {
    const cost = { statements: 0, read: 0 }
    const before = names.map((name) => [name, Reflect.get(StatementSync.prototype, name) as Method] as const)
    for (const [name, method] of before) {
      Reflect.set(StatementSync.prototype, name, function(this: StatementSync, ...given: ReadonlyArray<unknown>) {
        cost.statements++
        const result = Reflect.apply(method, this, given)
        if (name === "run") return result
        const rows = (name === "get" ? [result] : [...result as Iterable<Row>]) as ReadonlyArray<Row | undefined>
        for (const row of rows) cost.read += sizeOf(row)
        return name === "get" ? result : name === "all" ? rows : rows.values()
      })
    }
    return { cost, before }
  }),
  ({ before }) =>
    Effect.sync(() => {
      for (const [name, method] of before) Reflect.set(StatementSync.prototype, name, method)
    })
)

const turns = 120
const measured = 5
const words = "words of some length ".repeat(20)

const ways = ["previous_response_id", "conversation"] as const

describe("the last response of a long conversation", () => {
  it.live.each(ways)(
    "by %s asks the log for no more than the second does, made and got",
    (way) =>
      Effect.gen(function*() {
        const { cost } = yield* counting
        const folder = yield* TemporaryFolder.make
        const { create, get, post } = yield* World.given({ folder, model: Chat.answering([words]) })
        const conversation = String(field((yield* post("/v1/conversations", {})).json, "id"))
        const costOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          Effect.gen(function*() {
            const { read, statements } = cost
            const value = yield* effect
            return { value, cost: { statements: cost.statements - statements, read: cost.read - read } }
          })
        const made: Array<Cost> = []
        const got: Array<Cost> = []
        let previous: string | null = null
        for (let turn = 1; turn <= turns; turn++) {
          const goesOn: World.Json = way === "conversation" ? { conversation } : { previous_response_id: previous }
          const answer = yield* costOf(create({ input: `${turn}: ${words}`, ...goesOn }))
          const id = String(field(answer.value.json, "id"))
          const kept = yield* costOf(get(`/v1/responses/${id}`))
          assert.strictEqual(kept.value.status, 200)
          made.push(answer.cost)
          got.push(kept.cost)
          previous = id
        }
        for (const costs of [made, got]) {
          const sumOf = (some: ReadonlyArray<Cost>, name: keyof Cost) => some.reduce((sum, each) => sum + each[name], 0)
          const [early, late] = [costs.slice(1, 1 + measured), costs.slice(-measured)]
          // How many commits are folded together varies by some.
          assert.isAtMost(sumOf(late, "statements"), 1.3 * sumOf(early, "statements"))
          assert.isAtMost(sumOf(late, "read"), 1.5 * sumOf(early, "read") + 2000)
        }
        yield* Effect.logInfo(`by ${way}: ${JSON.stringify({ second: made[1], last: made.at(-1), got: got.at(-1) })}`)
      }).pipe(Effect.scoped),
    60_000
  )
})
