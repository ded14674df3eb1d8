/** Who reads or follows `GET /v1/events` gets no event that the rules do not let be read when it comes. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { each, PolicedServer } from "../../support/PolicedServer.ts"

type Row = {
  readonly name: string
  readonly who: "alice" | "bob"
  /** `s`: a session that has not begun, and will be alice's. */
  readonly query: (s: string) => string
  readonly accept?: string
  /** Alice's session is there already. */
  readonly late?: boolean
  readonly status: number
  readonly sees: boolean
}

const sse = "text/event-stream"
const quiet = { status: 200, sees: false } as const

const followers: ReadonlyArray<Row> = [
  { name: "by session, before it begins", who: "bob", query: (s) => `session_id=${s}`, ...quiet },
  { name: "by session, as server-sent events", who: "bob", query: (s) => `session_id=${s}`, accept: sse, ...quiet },
  { name: "by stream", who: "bob", query: (s) => `stream=session-${s}`, ...quiet },
  { name: "by stream, as server-sent events", who: "bob", query: (s) => `stream=session-${s}`, accept: sse, ...quiet },
  { name: "by session and stream", who: "bob", query: (s) => `session_id=${s}&stream=session-${s}`, ...quiet },
  { name: "by session and type", who: "bob", query: (s) => `session_id=${s}&type=llm:*&level=default`, ...quiet },
  { name: "by session, from now on", who: "bob", query: (s) => `session_id=${s}&after=latest`, ...quiet },
  { name: "for a group", who: "bob", query: (s) => `session_id=${s}&consumer_group=g`, ...quiet },
  { name: "as many as asked for", who: "bob", query: (s) => `session_id=${s}&limit=1`, ...quiet },
  { name: "a session that is there, alike", who: "bob", query: (s) => `session_id=${s}`, late: true, ...quiet },
  { name: "by request", who: "bob", query: () => "request_id=x", status: 403, sees: false },
  { name: "what has no session", who: "bob", query: () => "stream=models", status: 403, sees: false },
  { name: "the whole log", who: "bob", query: () => "", status: 403, sees: false },
  { name: "the owner, before it begins", who: "alice", query: (s) => `session_id=${s}`, status: 200, sees: true },
  { name: "the owner, by stream", who: "alice", query: (s) => `stream=session-${s}`, status: 200, sees: true },
  { name: "the owner, later", who: "alice", query: (s) => `session_id=${s}`, late: true, status: 200, sees: true }
]

const answered = (text: string) => text.includes("\"type\":\"api:response\"")

const reads: ReadonlyArray<{ readonly name: string; readonly query: (s: string) => string }> = [
  { name: "by session", query: (s) => `session_id=${s}` },
  { name: "by stream", query: (s) => `stream=session-${s}` },
  { name: "for a group", query: (s) => `session_id=${s}&consumer_group=g` },
  { name: "some of them", query: (s) => `session_id=${s}&type=llm:*&limit=1` }
]

each("GET /v1/events", (it, world) => {
  let sessions = 0
  const newSession = () => `s${++sessions}`

  it.effect.each(followers)("follows $name: $who", (row) =>
    Effect.gen(function*() {
      const { ask, follow } = yield* PolicedServer
      const { accept = "application/x-ndjson", late = false, query, sees, status, who } = row
      const session = newSession()
      if (late) yield* ask("alice", session)
      const following = yield* follow(who, query(session), accept)
      assert.strictEqual(following.status, status)
      const owner = yield* follow("alice", `session_id=${session}&after=latest`, sse)
      assert.strictEqual((yield* ask("alice", session)).status, 200)
      if (sees) return yield* following.until(answered)
      yield* owner.until(answered)
      // What is withheld would have come by now.
      yield* Effect.sleep("50 millis")
      assert.notInclude(following.text(), "principal")
    }))

  it.effect("shows live events of a session to whom the session is shown, and to nobody else", () =>
    Effect.gen(function*() {
      const { ask, follow } = yield* PolicedServer
      const session = newSession()
      const bob = yield* follow("bob", `session_id=${session}&live=true`, sse)
      const alice = yield* follow("alice", `session_id=${session}&live=true`, sse)
      yield* ask("alice", session, true)
      yield* alice.until((text) => answered(text) && text.includes("event: llm:stream_block_end"))
      yield* Effect.sleep("50 millis")
      assert.notInclude(bob.text(), "principal")
    }))

  it.effect("follows a session that who follows began meanwhile", () =>
    Effect.gen(function*() {
      const { ask, follow } = yield* PolicedServer
      const session = newSession()
      const following = yield* follow("bob", `session_id=${session}`, sse)
      yield* ask("bob", session)
      yield* following.until(answered)
    }))

  it.effect("follows no fork of somebody else's, named before it was made", () =>
    Effect.gen(function*() {
      const { ask, follow, send } = yield* PolicedServer
      const [parent, child] = [newSession(), newSession()]
      const following = yield* follow("bob", `session_id=${child}`, sse)
      yield* ask("alice", parent)
      const forked = yield* send("alice", "POST", `/v1/sessions/${parent}/fork`, { session_id: child })
      assert.strictEqual(forked.status, 201, forked.text)
      const owner = yield* follow("alice", `session_id=${child}`, sse)
      assert.strictEqual((yield* ask("alice", child)).status, 200)
      yield* owner.until(answered)
      yield* Effect.sleep("50 millis")
      assert.notInclude(following.text(), "principal")
    }))

  it.effect("is whole for whom a rule lets read all, and tells there once what was withheld from whom", () =>
    Effect.gen(function*() {
      const { ask, follow } = yield* PolicedServer
      const session = newSession()
      const root = yield* follow("root", "type=policy:violation,api:response&after=latest", sse)
      assert.strictEqual(root.status, world.rules === "readme" ? 200 : 403)
      if (world.rules === "default") return
      yield* follow("bob", `session_id=${session}`, sse)
      yield* ask("alice", session)
      yield* ask("alice", session)
      const denial = `"resource":"session::${session}"`
      yield* root.until((text) => text.includes(denial) && text.split("\"type\":\"api:response\"").length === 3)
      assert.strictEqual(root.text().split(denial).length, 2)
    }))

  it.effect.each(reads)("answers as for what is not there: $name", ({ query }) =>
    Effect.gen(function*() {
      const { ask, send } = yield* PolicedServer
      const session = newSession()
      yield* ask("alice", session)
      const read = (name: string, id: string) => send(name, "GET", `/v1/events?${query(id)}`)
      const [hidden, absent] = [yield* read("bob", session), yield* read("bob", "none")]
      assert.deepStrictEqual([hidden.status, absent.status], [403, 403])
      assert.strictEqual(hidden.text.replaceAll(session, "none"), absent.text)
      const own = yield* read("alice", session)
      assert.strictEqual(own.status, 200)
      assert.include(own.text, "\"principal\":\"alice\"")
    }))

  it.effect("gives nothing where one's own session is named with the stream of another's", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* PolicedServer
      const [own, other] = [newSession(), newSession()]
      yield* ask("bob", own)
      yield* ask("alice", other)
      const crossed = yield* send("bob", "GET", `/v1/events?session_id=${own}&stream=session-${other}`)
      assert.deepStrictEqual([crossed.status, crossed.text], [200, ""])
    }))
})
