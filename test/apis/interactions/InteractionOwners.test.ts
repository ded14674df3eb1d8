/** Interactions of two clients: what is one's is not there for the other. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { chatModel } from "../../support/TurnWorld.ts"

const paths = ["/v1beta/interactions", "/v1/interactions"]

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: chatModel })
  const { url } = yield* Strata.make({
    providers: [Strata.openAi(upstream, { models: ["m"] })],
    auth: { providers: [Keys.provider({ alice: {}, bob: {} })] }
  })
  const ask = (name: string, path: string, method = "GET") =>
    Http.send(url, path, { method, headers: Keys.headers(name) })
  const create = (name: string, body: Schema.JsonObject, path = paths[0]!) =>
    Http.post(url, path, { model: "upstream/m", ...body }, Keys.headers(name))
  return { upstream, ask, create }
})

describe.each(ways)("an interaction of somebody else, before $way", ({ it }) => {
  it.live("given its id, when it is read, streamed, gone on from, cancelled or deleted, then it is as if it were not there", () =>
    Effect.gen(function*() {
      const { ask, create, upstream } = yield* given
      const mine = yield* create("alice", { input: "a secret of alice" })
      assert.strictEqual(mine.status, 200, mine.text)
      const id = String(field(mine.json, "id"))
      const before = upstream.received.length
      const refused = [
        yield* create("bob", { input: "and?", previous_interaction_id: id }),
        yield* create("bob", { input: "and?", previous_interaction_id: id, stream: true }),
        yield* create("bob", { input: "and?", previous_interaction_id: id, store: false }),
        ...(yield* Effect.forEach(paths, (path) =>
          Effect.all([
            ask("bob", `${path}/${id}`),
            ask("bob", `${path}/${id}?include_input=true`),
            ask("bob", `${path}/${id}?stream=true`),
            ask("bob", `${path}/${id}/cancel`, "POST"),
            ask("bob", `${path}/${id}`, "DELETE")
          ]))).flat()
      ]
      assert.deepStrictEqual(refused.map(({ status }) => status), refused.map(() => 404), JSON.stringify(refused))
      for (const { text } of refused) assert.notInclude(text, "secret")
      assert.strictEqual(upstream.received.length, before)
      const next = yield* create("alice", { input: "and?", previous_interaction_id: id })
      assert.strictEqual(next.status, 200, next.text)
      assert.include(upstream.received.at(-1)!.bodyText, "a secret of alice")
    }).pipe(Effect.scoped))
})
