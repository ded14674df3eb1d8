/** What the last response of a long conversation asks of the log: as much as the second, made and got. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, parse } from "../../../src/events/types/JsonAccess.ts"
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

  it.live.each(ways)(
    "by %s is gone on from after a restart with few statements, however long it is",
    (way) =>
      Effect.gen(function*() {
        const costOf = yield* StatementCost.counting
        const folder = yield* TemporaryFolder.make
        const model = Chat.answering([words])
        const world = World.given({ folder, model })
        const goesOn = yield* Effect.gen(function*() {
          const { create, post } = yield* world
          const conversation = String(field((yield* post("/v1/conversations", {})).json, "id"))
          let goesOn: World.Json = way === "conversation" ? { conversation } : {}
          for (let turn = 1; turn <= turns; turn++) {
            const { json } = yield* create({ input: `${turn}: ${words}`, ...goesOn })
            if (way === "previous_response_id") goesOn = { previous_response_id: String(field(json, "id")) }
          }
          return goesOn
        }).pipe(Effect.scoped)
        const { create, upstream } = yield* world
        const { cost, value } = yield* costOf(create({ input: "And then?", ...goesOn }))
        assert.strictEqual(value.status, 200, value.text)
        const sent = parse(upstream.received.at(-1)?.bodyText ?? "") as World.Json
        assert.lengthOf(sent["messages"] as ReadonlyArray<unknown>, 2 * turns + 1)
        yield* Effect.logInfo(`by ${way}: ${JSON.stringify(cost)}`)
        // What an event refers to is looked up in the file by itself.
        assert.isAtMost(cost.statements, 2 * turns)
      }).pipe(Effect.scoped),
    60_000
  )
})
