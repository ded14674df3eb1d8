/** One value adds a whole API: its routes, events, resources and tables follow from it, in code and in a configuration. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { OpenApi } from "effect/http-api"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { modules } from "../../../src/apis/Apis.ts"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import * as Projection from "../../../src/events/projections/Projection.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as ModuleSet from "../../../src/kernel/modules/ModuleSet.ts"
import * as ServedApi from "../../../src/kernel/modules/ServedApi.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { Choir, SongKind, songs, Sung } from "../../support/WholeApi.ts"

const Letters = Projection.make({
  name: "letters",
  version: 1,
  description: "How many letters were sung of each song.",
  events: [Sung],
  streams: () => true,
  document: Schema.Struct({ letters: Schema.Int }),
  key: (event) => Object(payloadOf(event)).song_id,
  evolve: (document, event) => ({ letters: (document?.letters ?? 0) + Object(payloadOf(event)).letters })
})

const whole = { ...songs, projections: [Letters] }
const set = ModuleSet.make([...modules, whole])

describe("one value among Strata's modules", () => {
  it("is served, documented, in the catalog, and its tables are kept", () => {
    const served = ServedApi.make(set)
    const operations = served.operations.filter(({ group }) => group === "songs")
    assert.deepStrictEqual(operations.map(({ id }) => id), ["registerSong", "singSong"])
    assert.includeMembers(Object.keys(OpenApi.fromApi(served.api).paths), ["/v1/songs", "/v1/songs/{song_id}"])
    for (const type of ["song:registered", "song:unregistered", "song:sung"]) {
      assert.isDefined(set.catalog.find(type), type)
    }
    const isRequest = Schema.is(set.catalog.find("api:request")!.payload)
    const asked = { operation: "singSong", method: "POST", path: "/", params: {}, query: {}, payload: { loud: true } }
    assert.deepStrictEqual([isRequest(asked), isRequest({ ...asked, payload: { loud: [] } })], [true, false])
    assert.include(set.kinds, SongKind)
    assert.includeMembers([...set.projections], [Letters, SongKind.projection])
  })

  it.effect("folds its events into its table", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const sung = (letters: number) => Draft.make(Sung, { song_id: "sea", letters })
      yield* hub.append("songs-sung", "any", [yield* sung(3), yield* sung(4)])
      const rows = yield* (yield* ProjectionTables).list(Letters, { limit: 10 })
      assert.deepStrictEqual(rows.map(({ document, key }) => [key, document.letters]), [["sea", 7]])
    }).pipe(Effect.provide(
      EventHub.layer().pipe(
        Layer.provideMerge(MemoryStore.layerOf(set.projections)),
        Layer.provide(set.catalog.upcasting)
      )
    )))
})

const register = (url: string) => Http.post(url, "/v1/songs", { song_id: "sea", title: "Of the sea" })
const sing = (url: string, id: string) =>
  Http.post(url, `/v1/songs/${id}`, { loud: true }, { "x-strata-session-id": "evening" })

/** Asks what there is to ask; the session it leaves must verify. */
const perform = Effect.fnUntraced(function*(url: string) {
  assert.strictEqual((yield* sing(url, "sea")).status, 404)
  assert.deepStrictEqual((yield* register(url)).json, { id: "sea" })
  assert.deepStrictEqual((yield* sing(url, "sea")).json, { text: "SEA IN D" })
  assert.strictEqual((yield* Http.post(url, "/v1/songs/sea", { loud: "very" })).status, 400)
  const text = (yield* Http.send(url, "/v1/events?session_id=evening&level=default")).text
  const events = text.trimEnd().split("\n").map((line) => JSON.parse(line))
  const types = "session:start api:request api:error api:request song:sung api:response"
  assert.deepStrictEqual(events.map(({ type }) => type), types.split(" "))
  assert.deepInclude(events[4], { provider: "choir", payload: { song_id: "sea", letters: 8 } })
  assert.deepStrictEqual(events[3].payload.payload, { loud: true })
  assert.deepStrictEqual(events[5].payload.payload, { text: "SEA IN D" })
  const verified = yield* Http.post(url, "/v1/sessions/evening/verify", {})
  assert.deepInclude(Object(verified.json), { status: "identical", requests: 2, skipped: [] })
})

const providers = { songs: [{ provider_id: "choir", provider_type: "inline::choir", config: { pitch: "D" } }] }

describe("one value from outside", () => {
  it.live("is routed, registers, records and verifies in a server that is given it", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({ types: [...registry, Choir] as never, external: [songs], more: providers })
      yield* perform(strata.url)
    }).pipe(Effect.scoped))

  it.live("comes with its events into a server that has it, and into no other", () =>
    Effect.gen(function*() {
      const options = { types: [...registry, Choir] as never, external: [songs], more: providers }
      const { url } = yield* Strata.make(options)
      yield* perform(url)
      const { text } = yield* Http.send(url, "/v1/sessions/evening/export")
      const take = (other: string) =>
        Http.send(other, "/v1/sessions/import", {
          method: "POST",
          headers: { "content-type": "application/x-ndjson" },
          body: text
        })
      const refused = yield* take((yield* Strata.make()).url)
      assert.strictEqual(refused.status, 400)
      assert.include(refused.text, "song:sung is not known here: import it where what records it is served")
      const there = yield* Strata.make(options)
      const taken = yield* take(there.url)
      assert.strictEqual(taken.status, 200, taken.text)
      const verified = yield* Http.post(there.url, "/v1/sessions/evening/verify", {})
      assert.deepInclude(Object(verified.json), { status: "identical", requests: 2, skipped: [] })
    }).pipe(Effect.scoped))

  it.live("does the same as a module that a configuration names, with the real command", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const module = fileURLToPath(new URL("../../support/WholeApi.ts", import.meta.url))
      const config = join(folder, "strata.yaml")
      writeFileSync(config, JSON.stringify({ modules: [module], providers }))
      const args = ["serve", "--port", "0", "--data", join(folder, "data"), "--config", config]
      const server = yield* StrataProcess.ready(yield* StrataProcess.start(args, { folder }), join(folder, "data"))
      yield* perform(server.url)
      assert.strictEqual((yield* server.kill("SIGTERM")).code, 0)
    }).pipe(Effect.scoped))
})
