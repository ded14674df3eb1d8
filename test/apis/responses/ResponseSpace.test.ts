/** What a long conversation of responses takes in the file. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import * as LongConversation from "../../support/LongConversation.ts"
import * as World from "../../support/ResponsesWorld.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const bytesOf = (folder: string): number => {
  const database = new DatabaseSync(SqliteDatabase.fileOf(folder), { readOnly: true })
  const [pages] = database.prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .all()
  database.close()
  return Number(pages?.["bytes"])
}

const turns = (count: number) => {
  const text = LongConversation.prose()
  return Array.from({ length: count }, () => ({ question: text(2000), answer: text(2000) }))
}

const hold = Effect.fnUntraced(function*(folder: string, said: ReturnType<typeof turns>) {
  let asked = 0
  const { create, strata } = yield* World.given({
    folder,
    model: (request) => request.method === "POST" ? Chat.answering([said[asked++]!.answer])(request) : undefined
  })
  let previous_response_id: string | null = null
  for (const { question } of said) {
    const answer: { readonly json: unknown } = yield* create({ input: question, previous_response_id }, "s")
    previous_response_id = String(field(answer.json, "id"))
  }
  yield* strata.close
})

describe("a conversation of 200 responses", () => {
  it.live(
    "takes no more for its last hundred responses than for its first: what was said stands nowhere again and again",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        yield* hold(folder, [])
        const empty = bytesOf(folder)
        yield* hold(folder, turns(100))
        const first = bytesOf(folder) - empty
        const other = yield* TemporaryFolder.make
        yield* hold(other, turns(200))
        assert.isAtMost(bytesOf(other) - empty, 2.1 * first)
      }).pipe(Effect.scoped),
    120_000
  )
})
