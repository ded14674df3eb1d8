/** An API that Strata does not have, and a provider type for it. */
import { Context, Effect, Layer, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import * as Event from "strata/events/types/Event"
import { envelope, NotFound } from "strata/kernel/http/HttpErrors"
import * as ApiHandlers from "strata/kernel/modules/ApiHandlers"
import * as ApiModule from "strata/kernel/modules/ApiModule"
import * as Provider from "strata/kernel/provider/Provider"
import type { ProviderApi } from "strata/kernel/provider/Provider"
import { CurrentRecording } from "strata/kernel/requests/Recording"

// --- models ------------------------------------------------------------------

const Forecast = Schema.Struct({
  city: Schema.String,
  celsius: Schema.Finite.annotate({ description: "Temperature at noon, degrees Celsius." }),
  source: Schema.String.annotate({ description: "The provider_id of who says so." })
}).annotate({ identifier: "Forecast" })

// --- what callers ask, what providers implement ------------------------------

interface Station {
  readonly celsius: (city: string) => number | undefined
}

class WeatherStation
  extends Context.Service<WeatherStation, Station>()("@example/strata-weather/Weather/WeatherStation")
{}

class Weather extends Context.Service<Weather, {
  readonly forecast: (city: string) => Effect.Effect<typeof Forecast.Type, NotFound>
}>()("@example/strata-weather/Weather") {}

const WeatherApi: ProviderApi<"weather", Weather, WeatherStation, Station> = {
  name: "weather",
  service: Weather,
  slot: WeatherStation,
  contract: { celsius: "function" }
}

// --- events ------------------------------------------------------------------

const Looked = Event.define("weather:looked_up", {
  durability: "observation",
  description: "A station was asked for a city.",
  payload: Schema.Struct({ city: Schema.String, station: Schema.NullOr(Schema.String) })
})

// --- routes and handlers -----------------------------------------------------

const WeatherRoutes = HttpApiGroup.make("weather")
  .add(
    HttpApiEndpoint.post("createForecast", "/weather/forecasts", {
      payload: Schema.Struct({ city: Schema.NonEmptyString }),
      success: Forecast,
      error: NotFound
    }).annotateMerge(OpenApi.annotations({
      identifier: "createForecast",
      summary: "Forecast",
      description: "Tomorrow's temperature in a city, from the first station that knows it."
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Weather", description: "Forecasts." }))

const handlers = ApiHandlers.make(
  WeatherRoutes,
  Effect.fn(function*(handlers) {
    const service = yield* Weather
    return handlers.handle("createForecast", ({ payload }) => service.forecast(payload.city))
  })
)

// --- the service, made of its providers --------------------------------------

const live = ApiModule.liveOf(WeatherApi, {
  handlers,
  layer: (stations) =>
    Layer.succeed(
      Weather,
      Weather.of({
        forecast: Effect.fnUntraced(function*(city) {
          // A station that does not run knows nothing; it joins when it runs.
          const answers = yield* Effect.forEach(stations, ({ id, service }) =>
            Effect.match(service, {
              onFailure: () => ({ id, celsius: undefined }),
              onSuccess: (station) => ({ id, celsius: station.celsius(city) })
            }))
          const answer = answers.find(({ celsius }) => celsius !== undefined)
          const recording = yield* CurrentRecording
          recording?.emit(Looked, { city, station: answer?.id ?? null }, { causationId: recording.origin })
          if (answer?.celsius === undefined) {
            return yield* new NotFound(envelope(`No station knows ${city}.`, { param: "city" }))
          }
          return { city, celsius: answer.celsius, source: answer.id }
        })
      })
    )
})

const weather = ApiModule.make({
  name: "weather",
  routes: WeatherRoutes,
  events: [Looked],
  contract: WeatherApi,
  live: () => Promise.resolve({ live })
})

// --- a provider type ---------------------------------------------------------

const Almanac = Provider.make({
  api: WeatherApi,
  type: "inline::almanac",
  description: "Says what stands in its configuration.",
  config: Schema.Struct({
    cities: Schema.Record(Schema.String, Schema.Finite).annotate({ description: "Degrees Celsius by city." })
  }),
  requires: [],
  layer: ({ cities }) => Layer.succeed(WeatherStation, { celsius: (city) => cities[city] })
})

// --- what Strata looks for ---------------------------------------------------

export const strata = "^0.1"
export const apis = [weather]
export const providers = [Almanac]
