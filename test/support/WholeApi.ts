/** A whole API as one value, and a provider type for it: what a module of a configuration may bring. */
import { Context, Effect, Layer, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import * as Event from "../../src/events/types/Event.ts"
import { BadRequest, Conflict, Forbidden, NotFound, ServiceUnavailable } from "../../src/kernel/http/HttpErrors.ts"
import type { ResourceError } from "../../src/kernel/http/ResourceErrors.ts"
import { mapResourceErrors } from "../../src/kernel/http/ResourceErrors.ts"
import { OpensSession } from "../../src/kernel/http/RouteAnnotations.ts"
import * as ApiHandlers from "../../src/kernel/modules/ApiHandlers.ts"
import * as ApiModule from "../../src/kernel/modules/ApiModule.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import { CurrentRecording } from "../../src/kernel/requests/Recording.ts"
import * as ResourceEditing from "../../src/kernel/resources/ResourceEditing.ts"
import * as ResourceEvents from "../../src/kernel/resources/ResourceEvents.ts"
import * as ResourceKind from "../../src/kernel/resources/ResourceKind.ts"
import * as ResourceLookup from "../../src/kernel/resources/ResourceLookup.ts"
import * as ResourceRegistry from "../../src/kernel/resources/ResourceRegistry.ts"

interface Singer {
  readonly sing: (id: string) => string
}
class SingerSlot extends Context.Service<SingerSlot, Singer>()("strata/test/support/WholeApi/SingerSlot") {}

class Songs extends Context.Service<Songs, {
  readonly register: (id: string, title: string) => Effect.Effect<void, ResourceError>
  readonly sing: (id: string) => Effect.Effect<string, ResourceError>
}>()("strata/test/support/WholeApi/Songs") {}

const SongEvents = ResourceEvents.define({
  type: "song",
  stream: "songs",
  noun: "A song",
  fields: { title: Schema.String }
})
type Attributes = typeof SongEvents.fields.Type

export const SongKind = ResourceKind.make({ events: SongEvents, description: "The songs there are." })

export const Sung = Event.define("song:sung", {
  durability: "observation",
  description: "A song was sung.",
  payload: Schema.Struct({ song_id: Schema.String, letters: Schema.Int })
})

const errors = [BadRequest, NotFound, Conflict, Forbidden, ServiceUnavailable] as const
const named = (identifier: string) => OpenApi.annotations({ identifier, summary: identifier, description: identifier })

const routes = HttpApiGroup.make("songs").add(
  HttpApiEndpoint.post("registerSong", "/v1/songs", {
    payload: Schema.Struct({ song_id: Schema.String, title: Schema.String }),
    success: Schema.Struct({ id: Schema.String }),
    error: errors
  }).annotateMerge(named("registerSong")).annotate(OpensSession, false),
  HttpApiEndpoint.post("singSong", "/v1/songs/:song_id", {
    params: { song_id: Schema.String },
    payload: Schema.Struct({ loud: Schema.Boolean }),
    success: Schema.Struct({ text: Schema.String }),
    error: errors
  }).annotateMerge(named("singSong"))
)

const SongsApi: Provider.ProviderApi<"songs", Songs, SingerSlot, Singer> = {
  name: "songs",
  service: Songs,
  slot: SingerSlot,
  contract: { sing: "function" }
}

const resourcesOf = () => ({ source: "configuration" as const })

const live = ApiModule.liveOf(SongsApi, {
  handlers: ApiHandlers.make(
    routes,
    Effect.fn(function*(handlers) {
      const songs = yield* Songs
      return handlers.handleAll({
        registerSong: ({ payload }) =>
          Effect.as(mapResourceErrors(songs.register(payload.song_id, payload.title)), { id: payload.song_id }),
        singSong: ({ params, payload }) =>
          Effect.map(mapResourceErrors(songs.sing(params.song_id)), (text) => ({
            text: payload.loud ? text.toUpperCase() : text
          }))
      })
    })
  ),
  layer: (instances) =>
    Layer.effect(
      Songs,
      Effect.gen(function*() {
        const registry = yield* ResourceRegistry.make<Singer, Attributes>({ kind: SongKind, instances, resourcesOf })
        const options = { kind: SongKind, registry, instances, resourcesOf }
        const lookup = yield* ResourceLookup.make(options)
        const editing = yield* ResourceEditing.make(options)
        return Songs.of({
          register: (identifier, title) =>
            Effect.asVoid(editing.register({ identifier, attributes: { title }, otherwise: () => ({ title }) })),
          sing: Effect.fnUntraced(function*(id) {
            const { provider_id, provider_resource_id, service } = yield* lookup.route(id)
            const text = service.sing(provider_resource_id)
            const recording = yield* CurrentRecording
            recording?.emit(Sung, { song_id: id, letters: text.length }, { provider: provider_id })
            return text
          })
        })
      })
    )
})

export const songs = ApiModule.make({
  name: "songs",
  routes,
  events: [Sung],
  resources: [SongKind],
  contract: SongsApi,
  live: () => Promise.resolve({ live })
})

export const Choir = Provider.make({
  api: SongsApi,
  type: "inline::choir",
  description: "Sings what it is asked for.",
  config: Schema.Struct({ pitch: Schema.String.annotate({ description: "Where it begins." }) }),
  requires: [],
  layer: ({ pitch }) => Layer.succeed(SingerSlot, { sing: (id) => `${id} in ${pitch}` })
})

// What Strata looks for in a module.
export const apis = [songs]
export const providers = [Choir]
