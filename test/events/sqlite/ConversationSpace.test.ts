/** What a long conversation takes in the file: not much more than what was said, however often it was sent. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as JsonAccess from "../../../src/events/types/JsonAccess.ts"
import * as LongConversation from "../../support/LongConversation.ts"
import { prose } from "../../support/Prose.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { verify } from "../../support/verify.ts"

const bytesOf = (folder: string): number => {
  const database = new DatabaseSync(SqliteDatabase.fileOf(folder), { readOnly: true })
  const [pages] = database.prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .all()
  database.close()
  return Number(pages?.["bytes"])
}

const bodyOf = (event: RecordedEvent): unknown => JsonAccess.field(payloadOf(event), "body")

describe("a conversation of 200 turns", () => {
  it.live(
    "takes at most twice what was said, rows and indexes counted, is read as it was sent, and verifies",
    () =>
      Effect.gen(function*() {
        const text = prose()
        const turns = Array.from({ length: 200 }, () => ({ question: text(2000), answer: text(2000) }))
        const said = turns.reduce((sum, { answer, question }) => sum + answer.length + question.length, 0)
        const folder = yield* TemporaryFolder.make
        yield* LongConversation.hold(folder, [])
        const empty = bytesOf(folder)
        const bodies = yield* LongConversation.hold(folder, turns)
        assert.isAtMost(bytesOf(folder) - empty, 2 * said)

        const strata = yield* Strata.make({ folder })
        const events = yield* strata.events({ sessionId: LongConversation.session, types: ["api:request:raw"] })
        assert.deepStrictEqual(events.map(bodyOf), bodies)
        yield* strata.close
        const [report] = yield* verify(folder, [LongConversation.session])
        assert.deepInclude(report!, { requests: 200, skipped: [], divergence: undefined, around: [] })
      }),
    120_000
  )
})
