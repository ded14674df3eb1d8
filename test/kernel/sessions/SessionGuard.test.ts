/** Sessions belong to who opened them: through every operation, in full pages, and only as the rules say to others. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import type { HttpOptions } from "../../support/Http.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import type { StrataOptions } from "../../support/Strata.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { verify } from "../../support/verify.ts"

const keys = Keys.provider({
  alice: { attributes: { teams: ["red"] } },
  bob: { attributes: { teams: ["green"] } },
  carol: { attributes: { teams: ["red", "blue"] } },
  root: { attributes: { roles: ["admin"] } }
})

type Auth = NonNullable<StrataOptions["auth"]>

const given = (access_policy: NonNullable<Auth["access_policy"]> = [], more: StrataOptions = {}) =>
  Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
    const strata = yield* Strata.make({
      providers: [Strata.openAi(upstream, { models: ["m"] })],
      auth: { providers: [keys], access_policy },
      ...more
    })
    const send = (name: string, path: string, options: HttpOptions = {}) =>
      Http.send(strata.url, path, { ...options, headers: { ...options.headers, ...Keys.headers(name) } })
    const post = (name: string, path: string, body: unknown = {}) =>
      send(name, path, {
        method: "POST",
        headers: { "content-type": typeof body === "string" ? "application/x-ndjson" : "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body)
      })
    const ask = (name: string, session?: string) =>
      send(name, "/v1/chat/completions", Chat.post(session === undefined ? {} : { session }))
    return { strata, send, post, ask }
  })

const idsOf = (json: unknown) =>
  (json as { readonly data: ReadonlyArray<{ readonly id: string }> }).data.map(({ id }) => id)

const admin = {
  permit: { actions: ["create", "read", "update", "delete"] },
  when: "user with admin in roles"
} as const
const own = { permit: { actions: ["create", "read", "update", "delete"] }, when: "user is owner" } as const
const models = { permit: { actions: "read", resource: "model::*" } } as const

/** Every operation on a session, by what it must not show or do to others. */
const operations = (id: string) =>
  [
    ["GET", `/v1/sessions/${id}`],
    ["GET", `/v1/sessions/${id}/events`],
    ["GET", `/v1/sessions/${id}/state`],
    ["GET", `/v1/sessions/${id}/lineage`],
    ["GET", `/v1/sessions/${id}/replay?speed=0`],
    ["GET", `/v1/sessions/${id}/export`],
    ["POST", `/v1/sessions/${id}/verify`],
    ["POST", `/v1/sessions/${id}/fork`],
    ["POST", `/v1/sessions/${id}/end`],
    ["GET", `/v1/sessions?after=${id}`]
  ] as const

describe("sessions", () => {
  it.live("of others are not there, whatever is asked of them", () =>
    Effect.gen(function*() {
      const { ask, post, send, strata } = yield* given()
      yield* ask("alice", "a")
      for (const [method, path] of operations("a")) {
        const tried = (id: string, name: string) => {
          const there = path.replace(/\ba\b/, id)
          return method === "GET" ? send(name, there) : post(name, there)
        }
        const [hidden, absent] = [yield* tried("a", "bob"), yield* tried("x", "bob")]
        assert.deepStrictEqual([hidden.status, absent.status], [404, 404], path)
        assert.strictEqual(hidden.text.replaceAll("`a`", "`x`"), absent.text, path)
      }
      const violations = yield* strata.awaitEvents({ types: ["policy:violation"] }, operations("a").length)
      assert.deepStrictEqual(
        violations.map((
          event
        ) => [event.principal, Object(payloadOf(event)).resource, Object(payloadOf(event)).action]),
        operations("a").map(([, path]) => ["bob", "session::a", path.endsWith("/end") ? "update" : "read"])
      )
      for (const [method, path] of operations("a")) {
        const answer = method === "GET" ? yield* send("alice", path) : yield* post("alice", path)
        assert.include([200, 201], answer.status, `${path} ${answer.text}`)
      }
    }).pipe(Effect.scoped))

  it.live("are listed in full pages, whosever stand between", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* given()
      const names = ["alice", "bob", "bob", "alice", "bob", "bob", "bob", "alice", "alice", "bob", "alice"]
      for (const [index, name] of names.entries()) yield* ask(name, `${name}-${index}`)
      for (const name of ["alice", "bob", "carol"]) {
        const expected = names.flatMap((each, index) => each === name ? [`${name}-${index}`] : [])
        const found: Array<ReadonlyArray<string>> = []
        let after = ""
        while (true) {
          const { json } = yield* send(name, `/v1/sessions?limit=2${after}`)
          found.push(idsOf(json))
          if (!(json as { readonly has_more: boolean }).has_more) break
          after = `&after=${found.at(-1)?.at(-1)}`
        }
        assert.deepStrictEqual(found.flat(), expected, name)
        assert.deepStrictEqual(found.map((page) => page.length).filter((length) => length < 2).length <= 1, true)
        assert.deepStrictEqual(found.slice(0, -1).every((page) => page.length === 2), true)
      }
    }).pipe(Effect.scoped))

  it.live("are joined by their owner only, unless a rule lets others update them", () =>
    Effect.gen(function*() {
      const { ask, strata } = yield* given([{ permit: { actions: "update", principal: "carol" } }, own, models])
      assert.strictEqual((yield* ask("alice", "a")).status, 200)
      const before = (yield* strata.events({ sessionId: "a" })).length
      const refused = yield* ask("bob", "a")
      assert.deepStrictEqual([refused.status, Object(refused.json).error.code], [409, "session_exists"])
      const [violation] = yield* strata.awaitEvents({ types: ["policy:violation"] })
      assert.strictEqual(violation?.principal, "bob")
      assert.deepInclude(Object(payloadOf(violation!)), { action: "update", resource: "session::a" })
      assert.strictEqual((yield* strata.events({ sessionId: "a" })).length, before)
      assert.strictEqual((yield* ask("carol", "a")).status, 200)
      assert.strictEqual((yield* ask("alice", "a")).status, 200)
    }).pipe(Effect.scoped))

  it.live("stay their owner's over a restart, a resumption and the end of rules", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const first = yield* given([], { folder })
      yield* first.ask("alice", "a")
      yield* first.strata.close
      const second = yield* given([], { folder })
      assert.strictEqual((yield* second.ask("bob", "a")).status, 409)
      assert.strictEqual((yield* second.ask("alice", "a")).status, 200)
      assert.strictEqual((yield* second.post("alice", "/v1/sessions/a/end")).status, 200)
      assert.strictEqual((yield* second.ask("bob", "a")).status, 409)
      yield* second.strata.close
      const open = yield* Strata.make({ folder })
      const { json } = yield* Http.send(open.url, "/v1/sessions/a")
      assert.deepInclude(Object(json), { owner: { id: "alice", attributes: { teams: ["red"] } } })
      const events = yield* open.events({ types: ["policy:configured"] })
      assert.deepStrictEqual(events.map((event) => Object(payloadOf(event)).authentication), [["api_keys"], []])
    }).pipe(Effect.scoped))

  it.live("are shared by rules: with a team to read, with admins entirely", () =>
    Effect.gen(function*() {
      const { ask, post, send } = yield* given([
        admin,
        own,
        { permit: { actions: "read", resource: "session::*" }, when: "user in owners teams" },
        models
      ])
      yield* ask("alice", "a")
      yield* ask("bob", "b")
      assert.deepStrictEqual(idsOf((yield* send("carol", "/v1/sessions")).json), ["a"])
      assert.deepStrictEqual(idsOf((yield* send("root", "/v1/sessions")).json), ["a", "b"])
      assert.strictEqual((yield* send("carol", "/v1/sessions/a/events")).status, 200)
      const denied = yield* post("carol", "/v1/sessions/a/end")
      assert.deepStrictEqual([denied.status, Object(denied.json).error.code], [403, "access_denied"])
      assert.strictEqual((yield* post("root", "/v1/sessions/a/end")).status, 200)
    }).pipe(Effect.scoped))

  it.live("show of a lineage what may be read", () =>
    Effect.gen(function*() {
      const { ask, post, send } = yield* given([
        own,
        { permit: { actions: "read", resource: "session::shared*" } },
        models
      ])
      yield* ask("alice", "shared")
      assert.strictEqual((yield* post("alice", "/v1/sessions/shared/fork", { session_id: "private" })).status, 201)
      assert.strictEqual((yield* post("bob", "/v1/sessions/shared/fork", { session_id: "bobs" })).status, 201)
      const children = (name: string) =>
        Effect.map(
          send(name, "/v1/sessions/shared/lineage"),
          ({ json }) => Object(json).children.map((child: { readonly session_id: string }) => child.session_id)
        )
      assert.deepStrictEqual(yield* children("alice"), ["private"])
      assert.deepStrictEqual(yield* children("bob"), ["bobs"])
      assert.deepInclude(Object((yield* send("bob", "/v1/sessions/bobs")).json), {
        owner: { id: "bob", attributes: { teams: ["green"] } }
      })
    }).pipe(Effect.scoped))

  it.live("that are imported belong to who imports them, and are not added to by others", () =>
    Effect.gen(function*() {
      const source = yield* given([admin, own, models])
      yield* source.ask("alice", "a")
      const { text: early } = yield* source.send("alice", "/v1/sessions/a/export")
      yield* source.ask("alice", "a")
      const { text: late } = yield* source.send("alice", "/v1/sessions/a/export")
      const target = yield* given([admin, own, models])
      assert.strictEqual((yield* target.post("bob", "/v1/sessions/import", early)).status, 200)
      assert.deepInclude(Object((yield* target.send("bob", "/v1/sessions/a")).json), {
        owner: { id: "bob", attributes: { teams: ["green"] } }
      })
      assert.strictEqual((yield* target.send("alice", "/v1/sessions/a")).status, 404)
      // No file speaks in the name of alice; it verifies all the same.
      const imported = yield* target.strata.events({ sessionId: "a" })
      assert.deepStrictEqual([...new Set(imported.map(({ principal }) => principal))], ["bob"])
      const verified = yield* target.post("bob", "/v1/sessions/a/verify")
      assert.deepInclude(Object(verified.json), { status: "identical", requests: 1 })
      assert.strictEqual((yield* target.post("alice", "/v1/sessions/import", late)).status, 409)
      assert.strictEqual((yield* target.post("alice", "/v1/sessions/import", early)).status, 409)
      assert.strictEqual((yield* target.post("bob", "/v1/sessions/import", late)).status, 200)
      const blind = yield* given([models])
      const unread = yield* blind.post("bob", "/v1/sessions/import", late)
      assert.deepStrictEqual([unread.status, Object(unread.json).error.code], [403, "access_denied"])
    }).pipe(Effect.scoped))

  it.live("verify with the principals they had", () =>
    Effect.gen(function*() {
      const { ask, send, strata } = yield* given()
      yield* ask("alice", "a")
      const headers = { "x-strata-session-id": "a" }
      yield* send("alice", "/v1/models", { headers })
      yield* send("alice", "/v1/nowhere", { headers })
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["a"])
      assert.deepStrictEqual<unknown>(report, {
        session: "a",
        requests: 3,
        skipped: [],
        divergence: undefined,
        around: []
      })
    }).pipe(Effect.scoped))
})

describe("the log", () => {
  it.live("is for who may read it whole; others name a session that they may read", () =>
    Effect.gen(function*() {
      const { ask, send, strata } = yield* given([
        { permit: { actions: "read", resource: "events::*" }, when: "user with admin in roles" },
        own,
        models
      ])
      yield* ask("alice", "a")
      const status = (name: string, query = "") =>
        Effect.map(send(name, `/v1/events${query}`), ({ status, text }) => {
          if (status !== 200) assert.notInclude(text, "Hello")
          return status
        })
      assert.deepStrictEqual(
        [
          yield* status("root"),
          yield* status("root", "?session_id=a"),
          yield* status("alice"),
          yield* status("alice", "?session_id=a"),
          yield* status("alice", "?stream=session-a"),
          yield* status("alice", "?request_id=x"),
          yield* status("alice", "?stream=models"),
          yield* status("bob", "?session_id=a"),
          yield* status("bob", "?stream=session-a"),
          yield* status("bob", "?session_id=none"),
          yield* status("bob", "?follow=true")
        ],
        [200, 200, 403, 200, 200, 403, 403, 403, 403, 403, 403]
      )
      const [violation] = yield* strata.events({ types: ["policy:violation"] })
      assert.deepInclude(Object(payloadOf(violation!)), { action: "read", resource: "events::all", path: "/v1/events" })
      const { text } = yield* send("alice", "/v1/events?session_id=a")
      assert.include(text, "\"principal\":\"alice\"")
    }).pipe(Effect.scoped))

  it.live("whole is for nobody, where there is authentication and no rule", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* given()
      yield* ask("alice", "a")
      const refused = yield* send("root", "/v1/events")
      assert.deepStrictEqual([refused.status, Object(refused.json).error.code], [403, "access_denied"])
      assert.strictEqual((yield* send("alice", "/v1/events?session_id=a")).status, 200)
    }).pipe(Effect.scoped))

  it.live("stays within the session that is named, whatever else is asked", () =>
    Effect.gen(function*() {
      const { ask, send } = yield* given()
      yield* ask("alice", "a")
      yield* ask("bob", "b")
      const crossed = yield* send("alice", "/v1/events?session_id=a&stream=session-b")
      assert.deepStrictEqual([crossed.status, crossed.text], [200, ""])
    }).pipe(Effect.scoped))
})
