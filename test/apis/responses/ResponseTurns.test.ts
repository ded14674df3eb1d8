/** What the last response of a long conversation asks of the log: as much as the second, made and got. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import * as World from "../../support/ResponsesWorld.ts"
import type { Cost } from "../../support/StatementCost.ts"
import * as StatementCost from "../../support/StatementCost.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const turns = 120
const words = "words of some length ".repeat(20)

const ways = ["previous_response_id", "conversation"] as const

describe("the last response of a long conversation", () => {
  it.live.each(ways)(
    "by %s asks the log for no more than the second does, made and got",
    (way) =>
      Effect.gen(function*() {
        const costOf = yield* StatementCost.counting
        const folder = yield* TemporaryFolder.make
        const { create, get, post } = yield* World.given({ folder, model: Chat.answering([words]) })
        const conversation = String(field((yield* post("/v1/conversations", {})).json, "id"))
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
        for (const costs of [made, got]) StatementCost.assertConstant(costs)
        yield* Effect.logInfo(`by ${way}: ${JSON.stringify({ second: made[1], last: made.at(-1), got: got.at(-1) })}`)
      }).pipe(Effect.scoped),
    60_000
  )
})
