/** Consumer groups are their makers': to others they are not there, whatever is asked of them. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { each, PolicedServer } from "../../support/PolicedServer.ts"

/** What somebody else may try with a group; the same is tried with one that is not there. */
const attempts = [
  { name: "to look at it", method: "GET", path: "", status: 404 },
  { name: "to delete it", method: "DELETE", path: "", status: 404 },
  { name: "to move it", method: "PUT", path: "", body: { position: 2 }, status: 403 },
  { name: "to move it back", method: "PUT", path: "?reset=true", body: { position: 0 }, status: 403 },
  { name: "to find out how far it is", method: "PUT", path: "", body: { position: 0 }, status: 403 },
  { name: "to find out where the log ends", method: "PUT", path: "", body: { position: 999_999 }, status: 403 }
]

const at = (name: string) => `/v1/consumer_groups/${name}`

const idsOf = (json: unknown) =>
  (json as { readonly data: ReadonlyArray<{ readonly id: string }> }).data.map(({ id }) => id)

/** As the server has it for who is told nothing. */
const without = (text: string, ...names: ReadonlyArray<string>) =>
  names.reduce((left, name) => left.replaceAll(name, "x"), text)

each("consumer groups", (it, { rules }) => {
  /** Who may make groups there. */
  const owner = rules === "default" ? "alice" : "root"
  let groups = 0
  const made = (position: number) =>
    Effect.gen(function*() {
      const { send } = yield* PolicedServer
      const group = `group-${++groups}`
      assert.strictEqual((yield* send(owner, "PUT", at(group), { position })).status, 200)
      return { group, send }
    })

  it.effect("belong to who stored their first position", () =>
    Effect.gen(function*() {
      const { group, send } = yield* made(1)
      const { json, status } = yield* send(owner, "GET", at(group))
      assert.strictEqual(status, 200)
      assert.deepInclude(json, {
        position: 1,
        owner: { id: owner, attributes: owner === "root" ? { roles: ["admin"] } : {} }
      })
      assert.include(idsOf((yield* send(owner, "GET", "/v1/consumer_groups")).json), group)
      assert.deepStrictEqual(idsOf((yield* send("bob", "GET", "/v1/consumer_groups")).json), [])
      assert.strictEqual((yield* send(owner, "DELETE", at(group))).status, 200)
      assert.strictEqual((yield* send(owner, "GET", at(group))).status, 404)
    }))

  it.effect.each(attempts)("are nothing to others: $name", ({ body, method, path, status }) =>
    Effect.gen(function*() {
      const { group, send } = yield* made(1)
      const hidden = yield* send("bob", method, `${at(group)}${path}`, body)
      assert.strictEqual(hidden.status, status, hidden.text)
      assert.deepInclude((yield* send(owner, "GET", at(group))).json, { position: 1 })
      // A name that is free can be taken under the default rules: there is no other answer to compare with.
      if (rules === "default" && method === "PUT") return
      const absent = yield* send("bob", method, `${at("none")}${path}`, body)
      assert.strictEqual(absent.status, status)
      assert.strictEqual(without(hidden.text, group), without(absent.text, "none"))
    }))

  it.effect("are read for by others as if they were not there", () =>
    Effect.gen(function*() {
      const { ask } = yield* PolicedServer
      const session = `session-of-bob-${++groups}`
      yield* ask("bob", session)
      const { group, send } = yield* made(1)
      const all = yield* send("bob", "GET", `/v1/events?session_id=${session}`)
      const last = JSON.parse(all.text.trimEnd().split("\n").at(-1)!).position
      assert.strictEqual((yield* send(owner, "PUT", at(group), { position: last })).status, 200)
      const read = (name: string) => send("bob", "GET", `/v1/events?session_id=${session}&consumer_group=${name}`)
      assert.strictEqual((yield* read(group)).text, all.text)
      assert.strictEqual((yield* read("none")).text, all.text)
    }))

  it.effect("go back where it is asked for, and not by mistake", () =>
    Effect.gen(function*() {
      const { group, send } = yield* made(3)
      const refused = yield* send(owner, "PUT", at(group), { position: 2 })
      assert.strictEqual(refused.status, 409)
      assert.deepInclude(Object(refused.json).error, { code: "position_behind_group", param: "position" })
      assert.include(Object(refused.json).error.message, "?reset=true")
      assert.strictEqual((yield* send(owner, "PUT", `${at(group)}?reset=false`, { position: 2 })).status, 409)
      assert.strictEqual((yield* send(owner, "PUT", `${at(group)}?reset=yes`, { position: 2 })).status, 400)
      assert.deepInclude((yield* send(owner, "PUT", at(group), { position: 3 })).json, { position: 3 })
      assert.deepInclude((yield* send(owner, "PUT", `${at(group)}?reset=true`, { position: 2 })).json, { position: 2 })
      assert.deepInclude((yield* send(owner, "PUT", at(group), { position: 4 })).json, { position: 4 })
    }))
})
