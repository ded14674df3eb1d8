/** An API from outside that is a pair: its registry is one of Strata's, told in the log, kept, and replayed. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { BadRequest, Conflict, Forbidden, NotFound, ServiceUnavailable } from "../../../src/kernel/http/HttpErrors.ts"
import type { ResourceError } from "../../../src/kernel/http/ResourceErrors.ts"
import { mapResourceErrors } from "../../../src/kernel/http/ResourceErrors.ts"
import { OpensSession } from "../../../src/kernel/http/RouteAnnotations.ts"
import * as ApiHandlers from "../../../src/kernel/modules/ApiHandlers.ts"
import * as ApiModule from "../../../src/kernel/modules/ApiModule.ts"
import type { Instance } from "../../../src/kernel/provider/Instance.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as ResourceEditing from "../../../src/kernel/resources/ResourceEditing.ts"
import * as ResourceEvents from "../../../src/kernel/resources/ResourceEvents.ts"
import * as ResourceKind from "../../../src/kernel/resources/ResourceKind.ts"
import * as ResourceLookup from "../../../src/kernel/resources/ResourceLookup.ts"
import * as ResourceRegistry from "../../../src/kernel/resources/ResourceRegistry.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

const events = ResourceEvents.define({
  type: "poem",
  stream: "poems",
  noun: "A poem",
  fields: { title: Schema.String }
})
const PoemKind = ResourceKind.make({ events, description: "The poems there are." })
type Attributes = typeof events.fields.Type

interface Poet {
  readonly recite: (id: string) => string
}
class PoetSlot
  extends Context.Service<PoetSlot, Poet>()("strata/test/kernel/modules/ApiModuleRegistry.test/PoetSlot")
{}

class Poems extends Context.Service<Poems, {
  readonly register: (id: string, title: string) => Effect.Effect<void, ResourceError>
  readonly recite: (id: string) => Effect.Effect<string, ResourceError>
}>()("strata/test/kernel/modules/ApiModuleRegistry.test/Poems") {}

const errors = [BadRequest, NotFound, Conflict, Forbidden, ServiceUnavailable] as const
const named = (identifier: string) => OpenApi.annotations({ identifier, summary: identifier, description: identifier })
const group = HttpApiGroup.make("poems")
  .add(
    HttpApiEndpoint.post("registerPoem", "/v1/poems", {
      payload: Schema.Struct({ poem_id: Schema.String, title: Schema.String }),
      success: Schema.Struct({ id: Schema.String }),
      error: errors
    }).annotateMerge(named("registerPoem")).annotate(OpensSession, false),
    HttpApiEndpoint.get("recitePoem", "/v1/poems/:poem_id", {
      params: { poem_id: Schema.String },
      success: Schema.Struct({ text: Schema.String }),
      error: errors
    }).annotateMerge(named("recitePoem"))
  )

const resourcesOf = () => ({ source: "configuration" as const })

const layer = (instances: ReadonlyArray<Instance<Poet>>) =>
  Layer.effect(
    Poems,
    Effect.gen(function*() {
      const kept = yield* ResourceRegistry.make<Poet, Attributes>({ kind: PoemKind, instances, resourcesOf })
      const options = { kind: PoemKind, registry: kept, instances, resourcesOf }
      const lookup = yield* ResourceLookup.make(options)
      const editing = yield* ResourceEditing.make(options)
      return Poems.of({
        register: (identifier, title) =>
          Effect.asVoid(editing.register({ identifier, attributes: { title }, otherwise: () => ({ title }) })),
        recite: (id) =>
          Effect.map(lookup.route(id), ({ provider_resource_id, service }) => service.recite(provider_resource_id))
      })
    })
  )

const PoetryApi: Provider.ProviderApi<"poems", Poems, PoetSlot, Poet> = {
  name: "poems",
  service: Poems,
  slot: PoetSlot,
  contract: { recite: "function" }
}

const handlers = ApiHandlers.make(
  group,
  Effect.fn(function*(handlers) {
    const poems = yield* Poems
    return handlers.handleAll({
      registerPoem: ({ payload }) =>
        Effect.as(mapResourceErrors(poems.register(payload.poem_id, payload.title)), { id: payload.poem_id }),
      recitePoem: ({ params }) => Effect.map(mapResourceErrors(poems.recite(params.poem_id)), (text) => ({ text }))
    })
  })
)

const poetry = ApiModule.make({
  name: "poems",
  routes: group,
  resources: [PoemKind],
  contract: PoetryApi,
  live: () => Promise.resolve({ live: ApiModule.liveOf(PoetryApi, { handlers, layer }) })
})

const Bard = Provider.make({
  api: PoetryApi,
  type: "inline::bard",
  description: "Recites.",
  config: Schema.Struct({}),
  requires: [],
  layer: () => Layer.succeed(PoetSlot, { recite: (id) => `The bard recites ${id}.` })
})

const start = (folder?: string) =>
  Strata.make({
    ...folder === undefined ? {} : { folder },
    types: [...registry, Bard] as never,
    external: [poetry],
    more: { poems: [{ provider_id: "bard", provider_type: "inline::bard", config: {} }] }
  })

const register = (strata: Strata, poem_id: string) =>
  Http.post(strata.url, "/v1/poems", { poem_id, title: "Of the sea" })

const recite = (strata: Strata, id: string, session = "evening") =>
  Http.send(strata.url, `/v1/poems/${id}`, { headers: { "x-strata-session-id": session } })

describe("an API from outside with a registry", () => {
  it.live("registers in the log and routes, is there after a restart, and replays", () =>
    Effect.gen(function*() {
      const first = yield* start()
      assert.strictEqual((yield* recite(first, "sea")).status, 404)
      assert.strictEqual((yield* register(first, "sea")).status, 200)
      assert.deepStrictEqual((yield* recite(first, "sea")).json, { text: "The bard recites sea." })
      yield* first.close

      const strata = yield* start(first.folder)
      assert.deepStrictEqual((yield* recite(strata, "sea")).json, { text: "The bard recites sea." })
      const [registered, ...more] = yield* strata.events({ types: ["poem:*"] })
      assert.deepStrictEqual(more, [])
      assert.deepStrictEqual<unknown>([registered?.type, registered === undefined ? "" : payloadOf(registered)], [
        "poem:registered",
        { poem_id: "sea", provider_id: "bard", provider_poem_id: "sea", source: "api", title: "Of the sea" }
      ])
      const catalog = Object((yield* Http.send(strata.url, "/v1/events/catalog")).json)
      assert.include(JSON.stringify(catalog), "poem:unregistered")
      // The poem was not there at first: the replay sees it as it was.
      const verified = yield* Http.post(strata.url, "/v1/sessions/evening/verify", {})
      assert.deepInclude(Object(verified.json), { status: "identical", requests: 3, skipped: [] })
      // The file says what the session ran against, and is understood where it never ran.
      const file = yield* Http.send(strata.url, "/v1/sessions/evening/export")
      assert.include(file.text.split("\n")[0] ?? "", "poem:registered")
    }))
})
