/** What an interaction that goes on from another costs, and where it stands: in the session of the one before. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import type { HttpAnswer } from "../../support/Http.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { prose } from "../../support/Prose.ts"
import * as World from "../../support/ResponsesWorld.ts"
import type { Cost } from "../../support/StatementCost.ts"
import * as StatementCost from "../../support/StatementCost.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const path = "/v1beta/interactions"
const model = "upstream/m"
const words = "words of some length ".repeat(20)

const idOf = ({ json }: HttpAnswer) => String(field(json, "id"))
const sessionOf = ({ headers }: HttpAnswer) => String(headers["x-strata-session-id"])

const streamedId = ({ text }: HttpAnswer) => /"id":"(int_[^"]+)"/.exec(text)?.[1] ?? ""

const bytesOf = (folder: string): number => {
  const database = new DatabaseSync(SqliteDatabase.fileOf(folder), { readOnly: true })
  const [pages] = database.prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .all()
  database.close()
  return Number(pages?.["bytes"])
}

describe("an interaction that goes on from another", () => {
  it.live(
    "stands in its session, whole, streamed, in the background, in the earlier form, and all verifies",
    () =>
      Effect.gen(function*() {
        const { post, strata, verify } = yield* World.given()
        const first = yield* post(path, { model, input: "one" })
        const second = yield* post(path, { model, input: "two", previous_interaction_id: idOf(first) })
        const third = yield* post(path, {
          model,
          input: "three",
          previous_interaction_id: idOf(second),
          stream: true
        })
        const fourth = yield* post(path, {
          model,
          input: "four",
          previous_interaction_id: streamedId(third),
          background: true
        })
        assert.strictEqual(fourth.status, 200, `${fourth.text} ${third.text}`)
        const ended = yield* Http.send(strata.url, `${path}/${idOf(fourth)}?stream=true`)
        assert.include(ended.text, "interaction.completed")
        const fifth = yield* post("/v1alpha/interactions", {
          model,
          input: "five",
          previous_interaction_id: idOf(fourth)
        })
        const session = sessionOf(first)
        for (const each of [second, third, fourth, fifth]) {
          assert.strictEqual(each.status, 200, each.text)
          assert.strictEqual(sessionOf(each), session)
        }
        const named = yield* post(path, { model, input: "six", previous_interaction_id: idOf(fifth) }, "named")
        assert.strictEqual(sessionOf(named), "named")
        assert.deepInclude((yield* verify(session)) as object, { status: "identical" })
      }).pipe(Effect.scoped),
    20_000
  )

  it.live("has one of its own where what is before is not there, or somebody else's", () =>
    Effect.gen(function*() {
      const { strata: { url } } = yield* World.given({
        auth: { providers: [Keys.provider({ alice: {}, bob: {} })] },
        model: Chat.answering(["Yes."])
      })
      const ask = (name: string, body: World.Json) => Http.post(url, path, { model, ...body }, Keys.headers(name))
      const mine = yield* ask("alice", { input: "one" })
      const others = [
        yield* ask("bob", { input: "two", previous_interaction_id: idOf(mine) }),
        yield* ask("alice", { input: "two", previous_interaction_id: "int_absent" })
      ]
      for (const each of others) {
        assert.strictEqual(each.status, 404, each.text)
        assert.notStrictEqual(sessionOf(each), sessionOf(mine))
      }
    }).pipe(Effect.scoped))

  it.live("is refused when one before it is deleted, though it was remembered", () =>
    Effect.gen(function*() {
      const { post, strata: { url } } = yield* World.given({ model: Chat.answering(["Yes."]) })
      const first = yield* post(path, { model, input: "one" })
      const second = yield* post(path, { model, input: "two", previous_interaction_id: idOf(first) })
      const third = yield* post(path, { model, input: "three", previous_interaction_id: idOf(second) })
      assert.strictEqual(third.status, 200, third.text)
      yield* Http.send(url, `${path}/${idOf(first)}`, { method: "DELETE" })
      const refused = yield* post(path, { model, input: "four", previous_interaction_id: idOf(third) })
      assert.strictEqual(refused.status, 404, refused.text)
    }).pipe(Effect.scoped))

  it.live(
    "asks the log for no more at turn 120 than at turn 2",
    () =>
      Effect.gen(function*() {
        const costOf = yield* StatementCost.counting
        const folder = yield* TemporaryFolder.make
        const { post } = yield* World.given({ folder, model: Chat.answering([words]) })
        const made: Array<Cost> = []
        let previous: World.Json = {}
        for (let turn = 1; turn <= 120; turn++) {
          const { cost, value } = yield* costOf(post(path, { model, input: `${turn}: ${words}`, ...previous }))
          assert.strictEqual(value.status, 200, value.text)
          made.push(cost)
          previous = { previous_interaction_id: idOf(value) }
        }
        StatementCost.assertConstant(made)
        yield* Effect.logInfo(JSON.stringify({ second: made[1], last: made.at(-1) }))
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "takes as many bytes for what is said late as for what is said early, after a restart, too",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const text = prose()
        const turns = Array.from({ length: 120 }, () => ({ question: text(2000), answer: text(2000) }))
        let asked = 0
        let previous: World.Json = {}
        const hold = Effect.fnUntraced(function*(some: typeof turns) {
          const { post, strata } = yield* World.given({
            folder,
            model: (request) =>
              request.method === "POST" ? Chat.answering([turns[asked++]!.answer])(request) : undefined
          })
          for (const { question } of some) {
            const answer = yield* post(path, { model, input: question, ...previous })
            assert.strictEqual(answer.status, 200, answer.text)
            previous = { previous_interaction_id: idOf(answer) }
          }
          yield* strata.close
          return bytesOf(folder)
        })
        const empty = yield* hold([])
        const half = yield* hold(turns.slice(0, 60))
        const all = yield* hold(turns.slice(60))
        const unique = turns.reduce((sum, { answer, question }) => sum + answer.length + question.length, 0)
        const ratio = (all - empty) / unique
        yield* Effect.logInfo(`120 interactions: ${ratio.toFixed(2)} bytes for each that was said`)
        // The restarted server stores what was said before once more.
        assert.isAtMost(all - half, 1.3 * (half - empty))
        assert.isAtMost(ratio, 2)
      }).pipe(Effect.scoped),
    60_000
  )
})
