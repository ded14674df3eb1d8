/** What a long conversation of responses takes in the file. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import type { Level } from "../../../src/events/types/Event.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import { prose } from "../../support/Prose.ts"
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
  const text = prose()
  return Array.from({ length: count }, () => ({ question: text(2000), answer: text(2000) }))
}

type Turn = ReturnType<typeof turns>[number]

/** How a client says what was said before: it names the response, or sends all of it again. */
type Way = "previous_response_id" | "all again"

interface Options {
  readonly level?: Level
  readonly way?: Way
  /** Null: it names none. */
  readonly session?: string | null
  /** So often its server ends and another begins while it goes on. */
  readonly restarts?: number
}

const hold = Effect.fnUntraced(function*(
  folder: string,
  said: ReadonlyArray<Turn>,
  { level = "raw", session = "s", way = "previous_response_id" }: Options = {},
  before: string | null = null
) {
  let asked = 0
  const { create, strata } = yield* World.given({
    folder,
    level,
    model: (request) => request.method === "POST" ? Chat.answering([said[asked++]!.answer])(request) : undefined
  })
  let previous_response_id = before
  const items: Array<World.Json> = []
  for (const { question } of said) {
    items.push({ role: "user", content: question })
    const body: World.Json = way === "all again" ? { input: items } : { input: question, previous_response_id }
    const { json } = yield* create(body, session ?? undefined)
    previous_response_id = String(field(json, "id"))
    items.push(...field(json, "output") as ReadonlyArray<World.Json>)
  }
  yield* strata.close
  return previous_response_id
})

/** Bytes of the file for each byte that was said. */
const cost = Effect.fnUntraced(function*(count: number, options: Options) {
  const folder = yield* TemporaryFolder.make
  yield* hold(folder, [], options)
  const empty = bytesOf(folder)
  const said = turns(count)
  const { restarts = 0 } = options
  const length = Math.ceil(count / (restarts + 1))
  let last: string | null = null
  for (let at = 0; at < count; at += length) last = yield* hold(folder, said.slice(at, at + length), options, last)
  const characters = said.reduce((sum, { answer, question }) => sum + answer.length + question.length, 0)
  return (bytesOf(folder) - empty) / characters
})

describe("a conversation of 200 responses", () => {
  it.live.each(
    [
      { level: "raw", most: 1.5 },
      { level: "debug", most: 1.7 },
      { level: "default", most: 1.5 }
    ] as const
  )(
    "takes at most $most times what was said, rows and indexes counted, at level $level",
    ({ level, most }) =>
      Effect.gen(function*() {
        const ratio = yield* cost(200, { level })
        yield* Effect.logInfo(`200 responses at ${level}: ${ratio.toFixed(2)} bytes for each that was said`)
        assert.isAtMost(ratio, most)
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "takes no more where its client names no session: each stands in that of the one before",
    () =>
      Effect.gen(function*() {
        const ratio = yield* cost(100, { session: null })
        yield* Effect.logInfo(`100 responses that name no session: ${ratio.toFixed(2)}`)
        assert.isAtMost(ratio, 2)
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "takes all that was said once more for each time its server begins anew, and no more for each response after",
    () =>
      Effect.gen(function*() {
        const [ratio, restarted] = [
          yield* cost(100, { session: null }),
          yield* cost(100, { session: null, restarts: 1 })
        ]
        yield* Effect.logInfo(`100 responses: ${ratio.toFixed(2)}, with a restart at the half: ${restarted.toFixed(2)}`)
        assert.isAtMost(restarted, ratio + 0.75)
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "takes little more where the client sends all of it again each time",
    () =>
      Effect.gen(function*() {
        const ratio = yield* cost(100, { way: "all again" })
        yield* Effect.logInfo(`100 responses, each with all before it: ${ratio.toFixed(2)}`)
        assert.isAtMost(ratio, 2)
      }).pipe(Effect.scoped),
    120_000
  )
})
