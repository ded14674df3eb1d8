/** What comes in with a session file, and what an id tells: over HTTP, as two principals that do not trust each other. */
import { assert, describe, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import * as Doors from "../support/Doors.ts"
import { hostileFiles, victim } from "../support/HostileFiles.ts"
import type { HttpAnswer } from "../support/Http.ts"
import * as Postgres from "../support/Postgres.ts"

const errorOf = ({ json }: HttpAnswer) => Object(json).error

const idsOf = ({ json }: HttpAnswer): ReadonlyArray<string> =>
  Object(json).data.map(({ id }: { readonly id: string }) => id)

/** What an answer shows, without what names the request, and with one name for every session. */
const shown = ({ headers, status, text }: HttpAnswer, session: string) => ({
  status,
  text: text.replaceAll(session, "?"),
  headers: Object.entries(headers).filter(([name]) => !["x-request-id", "date", "content-length"].includes(name)).sort()
})

const unfit = [
  { name: "header", change: { headers: { "a header": "x" } } },
  { name: "value", change: { headers: { host: "a\nb" } } },
  { name: "method", change: { method: "NO WAY" } },
  { name: "forbidden", change: { method: "TRACE" } },
  { name: "url", change: { url: "http://" } },
  { name: "path", change: { url: "no path" } },
  { name: "body", change: { body: "{\"messages\":5}" } },
  { name: "nested", change: { body: "[".repeat(10_000) } }
]

class World extends Context.Service<World, Doors.Doors>()("strata/test/server/SessionDoors.test/World") {}

const worlds = Doors.rules.flatMap((rule) => Doors.logs.map((log) => ({ rule, log })))

describe.each(worlds)("the doors of sessions under $rule, on $log", ({ log, rule }) => {
  if (log === "PostgreSQL" && Postgres.unsupported !== undefined) return

  const world = Layer.effect(
    World,
    Effect.tap(Doors.make(rule, log), ({ ask, post }) =>
      Effect.all([
        ask("alice", victim),
        post("alice", "/v1/sessions", { id: "alices" }),
        ask("bob", "bobs")
      ]))
  )

  layer(world, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    it.effect.each(hostileFiles)(
      "a file is refused, and nothing of it stored: $name",
      ({ name, of, param }) =>
        Effect.gen(function*() {
          const { add, send } = yield* World
          const session = `hostile-${name.replaceAll(/[^a-z]/g, "-").slice(0, 60)}`
          const before = [yield* send("bob", "/v1/sessions?limit=100"), yield* send("alice", "/v1/sessions?limit=100")]
          const answer = yield* add("bob", of(session))
          assert.strictEqual(answer.status, 400, answer.text)
          assert.deepInclude(errorOf(answer), { type: "invalid_request_error", code: "invalid_session_file", param })
          assert.match(errorOf(answer).message, /ession file.*Nothing was imported\. Export the session anew, or mend/s)
          if (param !== null && param !== "session_id") assert.match(errorOf(answer).message, /^Line \d+ /)
          const after = [yield* send("bob", "/v1/sessions?limit=100"), yield* send("alice", "/v1/sessions?limit=100")]
          assert.deepStrictEqual(after.map(({ text }) => text), before.map(({ text }) => text))
        })
    )

    it.effect("a file that is good is taken, read in every way, and taken again", () =>
      Effect.gen(function*() {
        const { add, post, send } = yield* World
        const given = Doors.file(Doors.header("good"), Doors.lines("good"))
        for (const text of [given, given]) {
          assert.deepInclude((yield* add("bob", text)).json, { id: "good", turn_count: 1 })
        }
        for (const path of ["", "/state", "/lineage", "/events", "/replay?speed=0", "/export"]) {
          assert.strictEqual((yield* send("bob", `/v1/sessions/good${path}`)).status, 200, path)
          assert.strictEqual((yield* send("alice", `/v1/sessions/good${path}`)).status, 404, path)
        }
        const exported = yield* send("bob", "/v1/sessions/good/export")
        assert.strictEqual((yield* add("bob", exported.text)).status, 200)
        assert.strictEqual((yield* post("bob", "/v1/sessions/good/fork", {})).status, 201)
      }))

    it.effect("what the server exports itself comes back in, and verifies", () =>
      Effect.gen(function*() {
        const { add, ask, post, send } = yield* World
        assert.strictEqual((yield* ask("bob", "kept")).status, 200)
        assert.strictEqual((yield* ask("bob", "kept")).status, 200)
        yield* post("bob", "/v1/sessions/kept/fork", { session_id: "kept-child", turn: 1 })
        const headers = { "content-type": "application/json", "x-strata-session-id": "kept-child" }
        const wrong = JSON.stringify({ model: "openai/m", messages: "none" })
        assert.strictEqual(
          (yield* send("bob", "/v1/chat/completions", { method: "POST", headers, body: wrong })).status,
          400
        )
        yield* ask("bob", "kept-child")
        const { text } = yield* send("bob", "/v1/sessions/kept-child/export")
        assert.strictEqual((yield* add("bob", text)).status, 200)
        const elsewhere = text.replaceAll("kept", "moved").replaceAll(
          /"([0-9a-f]{8})(-[0-9a-f]{4}-7)/g,
          (_, time, rest) => `"${(Number.parseInt(time, 16) - 1).toString(16).padStart(8, "0")}${rest}`
        )
        const moved = yield* add("bob", elsewhere)
        assert.deepInclude(moved.json, { id: "moved-child", parent_session_id: "moved", turn_count: 1 })
        assert.lengthOf(Object((yield* send("bob", "/v1/sessions/moved-child/state")).json).turns, 2)
        const verified = yield* post("bob", "/v1/sessions/kept-child/verify")
        assert.deepInclude(verified.json, { status: "identical", requests: 2 })
      }))

    it.effect.each(unfit)(
      "a request that nobody could send is read, and its verification says what it is: $name",
      ({ change, name }) =>
        Effect.gen(function*() {
          const { add, post, send } = yield* World
          const session = `unfit-${name}`
          const events = Doors.lines(session).map((event) =>
            event["type"] === "api:request:raw" ? { ...event, payload: { ...Object(event.payload), ...change } } : event
          )
          assert.strictEqual((yield* add("bob", Doors.file(Doors.header(session), events))).status, 200)
          for (const path of ["/state", "/export", "/replay?speed=0"]) {
            assert.strictEqual((yield* send("bob", `/v1/sessions/${session}${path}`)).status, 200, path)
          }
          const verified = yield* post("bob", `/v1/sessions/${session}/verify`)
          assert.include([200, 409], verified.status, verified.text)
          if (verified.status === 200) assert.strictEqual(Object(verified.json).status, "diverged")
          else assert.strictEqual(errorOf(verified).code, "session_not_verifiable")
        })
    )

    it.effect("a parent tells nothing: somebody else's is what is nowhere, and one's own may be named", () =>
      Effect.gen(function*() {
        const { add, send } = yield* World
        const child = (parent: string) =>
          Doors.file(Doors.header("of"), Doors.lines("of").map((event) => ({ ...event, parentSessionId: parent })))
        const id = /event [0-9a-f-]{36}/
        const [hidden, absent] = [yield* add("bob", child(victim)), yield* add("bob", child("absent"))]
        assert.strictEqual(
          hidden.text.replaceAll(victim, "?").replace(id, ""),
          absent.text.replaceAll("absent", "?").replace(id, "")
        )
        assert.strictEqual((yield* add("bob", child("bobs"))).status, 200)
        const state = yield* send("bob", "/v1/sessions/of/state")
        assert.strictEqual(Object(state.json).turns.length, 1)
        assert.notInclude((yield* send("bob", "/v1/sessions/of/export")).text, victim)
      }))

    it.effect("an ancestor's place in a file is no place in another's session", () =>
      Effect.gen(function*() {
        const { add, send } = yield* World
        // The decoy stands in the log behind all of alice's; the child's parent in the file is empty but for its start.
        const decoy = Doors.lines("decoy")
        const parent = Doors.lines("small").slice(0, 1)
        const [start, ...rest] = Doors.lines("tall").map((event): Doors.Line => ({
          ...event,
          parentSessionId: "small"
        }))
        const payload = { session_id: "tall", parent_session_id: "small", position: 900, turn: 0 }
        const forked = { ...start!, id: `${String(start!["id"]).slice(0, -1)}9`, type: "session:fork", payload }
        const events = [start!, forked, ...rest].map((event, index) => ({ ...event, position: index + 1000 }))
        const answer = yield* add("bob", Doors.file(Doors.header("tall"), [...decoy, ...parent, ...events]))
        assert.strictEqual(answer.status, 200, answer.text)
        const lineage = Object((yield* send("bob", "/v1/sessions/tall/lineage")).json)
        const [small] = Object((yield* send("bob", "/v1/sessions/small/events")).json).data
        assert.deepStrictEqual(lineage.ancestors, [{ session_id: "small", left_at_position: small.position }])
      }))

    it.effect("an id tells nothing: every door has one answer for every id that can't be used", () =>
      Effect.gen(function*() {
        const { add, ask, post, unowned } = yield* World
        const doors = {
          create: (session: string) => post("bob", "/v1/sessions", { id: session }),
          fork: (session: string) => post("bob", "/v1/sessions/bobs/fork", { session_id: session }),
          import: (session: string) => add("bob", Doors.file(Doors.header(session), Doors.lines(session))),
          join: (session: string) => ask("bob", session)
        }
        const expected = shown(yield* doors.create(victim), victim)
        assert.strictEqual(expected.status, 409)
        for (const session of [victim, "alices", unowned, "bobs"]) {
          for (const [door, enter] of Object.entries(doors)) {
            // One's own is joined, and what is nobody's where the rules say so.
            if (door === "join" && (session === "bobs" || (session === unowned && rule === "the default rules"))) {
              continue
            }
            assert.deepStrictEqual(shown(yield* enter(session), session), expected, `${door} ${session}`)
          }
        }
      }))

    it.effect("an event's id tells nothing either: one that stands elsewhere is an id that can't be used", () =>
      Effect.gen(function*() {
        const { add, post, send } = yield* World
        const expected = shown(yield* post("bob", "/v1/sessions", { id: victim }), victim)
        const events = Object((yield* send("alice", `/v1/sessions/${victim}/events?limit=1000`)).json).data as Array<
          Doors.Line
        >
        for (
          const [name, some] of [["whole", events], ["start", events.slice(0, 1)], ["rest", events.slice(1)]] as const
        ) {
          const session = `again-${name}`
          const text = JSON.stringify(some).replaceAll(`"${victim}"`, `"${session}"`)
            .replaceAll(`session-${victim}`, `session-${session}`)
          const decoy = Doors.lines(`${session}-first`)
          const answer = yield* add("bob", Doors.file(Doors.header(session), [...decoy, ...JSON.parse(text)]))
          assert.deepStrictEqual(shown(answer, session), expected, name)
          assert.strictEqual((yield* send("bob", `/v1/sessions/${session}-first`)).status, 404)
        }
      }))

    it.effect("ids without a name are Strata's own", () =>
      Effect.gen(function*() {
        const { ask, post } = yield* World
        const made = [
          Object((yield* post("bob", "/v1/sessions")).json).id,
          Object((yield* post("bob", "/v1/sessions/bobs/fork")).json).session.id,
          (yield* ask("bob")).headers["x-strata-session-id"]
        ]
        for (const id of made) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        assert.strictEqual(new Set(made.map((id) => String(id).slice(15))).size, 3)
      }))

    it.effect("nobody's alias is another's after a restart, whatever a file says it ran against", () =>
      Effect.gen(function*() {
        const { add, ask, restart, send } = yield* World
        const models = yield* send("alice", "/v1/models")
        const registrations = [
          {
            type: "provider:registered",
            payload: { api: "inference", provider_id: "evil", provider_type: "remote::openai", config: {} }
          },
          {
            type: "model:registered",
            payload: {
              model_id: "openai/m",
              provider_model_id: "m",
              provider_id: "evil",
              source: "api",
              created: 0,
              owned_by: "evil"
            }
          },
          { type: "shield:registered", payload: { shield_id: "openai/m" } }
        ].map((each) => ({ after_event_id: null, ...each }))
        assert.strictEqual(
          (yield* add("bob", Doors.file(Doors.header("evil", registrations), Doors.lines("evil")))).status,
          200
        )
        const exported = yield* send("bob", "/v1/sessions/evil/export")
        assert.include(exported.text, "\"provider_id\":\"evil\"")
        yield* restart
        assert.strictEqual((yield* send("alice", "/v1/models")).text, models.text)
        assert.strictEqual((yield* ask("alice", victim)).status, 200)
      }))

    it.effect("a row that can't be read is named, in a list and by itself", () =>
      Effect.gen(function*() {
        const { send, spoil } = yield* World
        const before = yield* send("bob", "/v1/sessions?limit=100")
        const document = yield* spoil(
          "bobs",
          JSON.stringify({ id: "bobs", owner: { id: "bob", attributes: {} }, status: 5 })
        )
        const after = yield* send("bob", "/v1/sessions?limit=100")
        assert.strictEqual(after.status, 200, after.text)
        assert.deepStrictEqual(idsOf(after), idsOf(before))
        const row = Object(after.json).data.find(({ id }: { readonly id: string }) => id === "bobs")
        assert.deepInclude(row, { object: "session", status: "unreadable" })
        assert.match(row.reason, /^\w+: .*strata projections rebuild/)
        assert.notInclude((yield* send("alice", "/v1/sessions?limit=100")).text, "bobs")
        const one = yield* send("bob", "/v1/sessions/bobs")
        assert.strictEqual(one.status, 409, one.text)
        assert.deepNestedInclude(one.json, { "error.param": "session_id", "error.code": "session_unreadable" })
        assert.match(Object(one.json).error.message, /position \d+.*strata projections rebuild/)
        assert.strictEqual((yield* send("alice", "/v1/sessions/bobs")).status, 404)
        assert.strictEqual((yield* send("bob", "/v1/sessions/bobs/events")).status, 200)
        yield* spoil("bobs", document)
        assert.strictEqual((yield* send("bob", "/v1/sessions?limit=100")).text, before.text)
      }))
  })
})
