/** A row of the session table that is not understood is named, and is nobody else's for that. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import type { Session } from "../../../src/kernel/sessions/SessionModels.ts"
import * as SessionRow from "../../../src/kernel/sessions/SessionRow.ts"
import * as SessionState from "../../../src/kernel/sessions/SessionState.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const alice = { id: "alice", attributes: {} }
const session = SessionState.initial(recorded(Started, { sessionId: "s", time: 0 }))
const row = (change: object) => ({ tenant: "", key: "s", position: 1, document: { ...session, ...change } as Session })

const spoiled = [
  { name: "an outcome there is not", change: { outcome: "" }, field: "outcome" },
  { name: "a time that is none", change: { created_at: null }, field: "created_at" },
  {
    name: "tokens that are a text",
    change: { usage: { ...session.usage, input_tokens: "1" } },
    field: "usage.input_tokens"
  },
  { name: "an owner that is none", change: { owner: 5 }, field: "owner" }
]

const owners = [
  { name: "nobody", change: { owner: null }, owner: null },
  { name: "somebody", change: { owner: alice }, owner: alice },
  { name: "somebody whose session is unreadable", change: { owner: alice, status: 5 }, owner: alice },
  { name: "nobody there can be, where it is no owner", change: { owner: 5 }, owner: { id: "", attributes: {} } },
  {
    name: "nobody there can be, where nothing says so",
    change: { owner: undefined },
    owner: { id: "", attributes: {} }
  }
]

describe("SessionRow", () => {
  it.effect("shows what is understood as it is", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* SessionRow.toListed(row({})), session)
      assert.deepStrictEqual(yield* SessionRow.toSession(row({})), session)
    }))

  it.effect.each(spoiled)(
    "lists $name as unreadable, with what to do, and does not show it",
    ({ change, field }) =>
      Effect.gen(function*() {
        const listed = yield* SessionRow.toListed(row(change))
        assert.deepInclude(listed, { id: "s", object: "session", status: "unreadable" })
        assert.match(
          listed.status === "unreadable" ? listed.reason : "",
          new RegExp(`^${field}: .*strata projections rebuild`)
        )
        const error = yield* Effect.flip(SessionRow.toSession(row(change)))
        assert.deepInclude(error, { _tag: "SessionUnreadable", session_id: "s", position: 1 })
        assert.match(error.message, new RegExp(`position 1.*${field}: .*strata projections rebuild`))
      })
  )

  it.each(owners)("is owned by $name", ({ change, owner }) => {
    assert.deepStrictEqual(SessionRow.ownerOf(row(change)), owner)
  })
})
