/** Consumer groups over HTTP: a subscriber that crashes goes on where it was. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ConsumerGroups } from "../../../src/events/log/ConsumerGroups.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const start = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]) })
  const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
  const send = (method: string, path: string, body?: unknown) =>
    Effect.map(
      Http.send(strata.url, path, {
        method,
        headers: { "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      }),
      ({ status, text }) => ({ status, json: JSON.parse(text) })
    )
  const positions = (query: string) =>
    Effect.map(
      Http.send(strata.url, `/v1/events?consumer_group=billing${query}`),
      ({ text }) => text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line).position as number)
    )
  const chat = Chat.ask(strata.url, { session: "s" })
  return { strata, send, positions, chat }
})

const path = "/v1/consumer_groups/billing"

describe("consumer groups over HTTP", () => {
  it.live("begin at the beginning, and go on behind what was acknowledged", () =>
    Effect.gen(function*() {
      const { chat, positions, send } = yield* start
      yield* chat
      assert.strictEqual((yield* positions("&limit=1"))[0], 1)
      const before = yield* positions("")
      const handled = before[4]!
      assert.deepStrictEqual(yield* send("PUT", path, { position: handled }), {
        status: 200,
        json: {
          id: "billing",
          object: "consumer_group",
          position: handled,
          lag: before.length - handled,
          member: null,
          claimed_until: null,
          owner: null
        }
      })
      assert.deepStrictEqual(yield* positions(""), before.slice(5))
      assert.deepStrictEqual(yield* positions("&after=0&limit=2"), [1, 2])
      yield* chat
      const { json } = yield* send("GET", path)
      assert.isAbove(json.lag, before.length - handled)
      assert.deepStrictEqual((yield* send("GET", "/v1/consumer_groups")).json, { object: "list", data: [json] })
    }).pipe(Effect.scoped))

  it.live("make no events of their own", () =>
    Effect.gen(function*() {
      const { positions, send, strata } = yield* start
      yield* strata.awaitEvents({ types: ["provider:healthy"] })
      const before = yield* strata.events()
      yield* send("PUT", path, { position: 1 })
      yield* send("GET", path)
      yield* positions("")
      assert.deepStrictEqual(yield* strata.events(), before)
    }).pipe(Effect.scoped))

  it.live("can be deleted, and begin again then", () =>
    Effect.gen(function*() {
      const { positions, send } = yield* start
      yield* send("PUT", path, { position: 1 })
      const deleted = { id: "billing", object: "consumer_group.deleted", deleted: true }
      assert.deepStrictEqual(yield* send("DELETE", path), { status: 200, json: deleted })
      assert.strictEqual((yield* positions("&limit=1"))[0], 1)
    }).pipe(Effect.scoped))

  const refusals = [
    { name: "a group there is not", method: "GET", path, status: 404, code: "consumer_group_not_found" },
    { name: "the deletion of none", method: "DELETE", path, status: 404, code: "consumer_group_not_found" },
    {
      name: "a position that does not exist yet",
      method: "PUT",
      path,
      body: { position: 1_000_000 },
      status: 400,
      code: "position_ahead_of_log",
      param: "position"
    },
    { name: "a negative position", method: "PUT", path, body: { position: -1 }, status: 400, param: "position" },
    { name: "no position", method: "PUT", path, body: {}, status: 400, param: "position" },
    { name: "a name with a blank", method: "GET", path: "/v1/consumer_groups/a%20b", status: 400 },
    { name: "a name with a blank in the query", method: "GET", path: "/v1/events?consumer_group=a%20b", status: 400 }
  ]

  it.live("refuse what they can't do, and name the field", () =>
    Effect.gen(function*() {
      const { send } = yield* start
      for (const { body, code, method, name, param, path, status } of refusals) {
        const answer = yield* send(method, path, body)
        assert.strictEqual(answer.status, status, name)
        if (code !== undefined) assert.strictEqual(answer.json.error.code, code, name)
        if (param !== undefined) assert.strictEqual(answer.json.error.param, param, name)
      }
    }).pipe(Effect.scoped))
})

describe("consumer groups under rules", () => {
  it.live("are seen, moved and removed by whom the rules let", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({
        auth: {
          providers: [Keys.provider({ alice: {}, bob: {}, carol: {} })],
          access_policy: [
            { permit: { principal: "alice", actions: ["read", "update", "delete"], resource: "consumer_group::a-*" } },
            { permit: { principal: "bob", actions: "read", resource: "consumer_group::*" } }
          ]
        }
      })
      const send = (name: string, method: string, path: string) =>
        Http.send(strata.url, `/v1/consumer_groups${path}`, {
          method,
          headers: { "content-type": "application/json", ...Keys.headers(name) },
          ...(method === "PUT" ? { body: JSON.stringify({ position: 0 }) } : {})
        })
      const status = (name: string, method: string, path: string) =>
        Effect.map(send(name, method, path), ({ status }) => status)
      const names = (name: string) =>
        Effect.map(send(name, "GET", ""), ({ json }) => Object(json).data.map((each: { id: string }) => each.id))
      assert.deepStrictEqual(
        [
          yield* status("alice", "PUT", "/a-1"),
          yield* status("alice", "PUT", "/b-1"),
          yield* status("bob", "PUT", "/a-1"),
          yield* status("carol", "PUT", "/a-1")
        ],
        [200, 403, 403, 403]
      )
      assert.deepStrictEqual([yield* names("alice"), yield* names("bob"), yield* names("carol")], [
        ["a-1"],
        ["a-1"],
        []
      ])
      assert.deepStrictEqual(
        [
          yield* status("bob", "GET", "/a-1"),
          yield* status("carol", "GET", "/a-1"),
          yield* status("bob", "DELETE", "/a-1"),
          yield* status("carol", "DELETE", "/a-1"),
          yield* status("alice", "DELETE", "/a-1"),
          yield* status("alice", "DELETE", "/a-1")
        ],
        [200, 404, 403, 404, 200, 404]
      )
    }).pipe(Effect.scoped))

  it.live("that are nobody's, as those of before owners, are everybody's under the default rules", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const before = { tenant: "", group: "old", position: 0, member: null, owner: null, reset: false }
      yield* Effect.flatMap(ConsumerGroups, (groups) => groups.moveTo(before)).pipe(
        Effect.provide(SqliteStore.layer({ folder, access: "write" }))
      )
      const strata = yield* Strata.make({ folder, auth: { providers: [Keys.provider({ alice: {}, bob: {} })] } })
      for (const name of ["alice", "bob", "alice"]) {
        const { json } = yield* Http.send(strata.url, "/v1/consumer_groups/old", {
          method: "PUT",
          headers: { "content-type": "application/json", ...Keys.headers(name) },
          body: JSON.stringify({ position: 1 })
        })
        assert.deepInclude(json, { position: 1, owner: null }, name)
      }
    }).pipe(Effect.scoped))
})
