/** How commands speak to a running server: with the key of STRATA_API_KEY, where there is one. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Config, Effect, Layer, Option } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"

/** The client in context, with the key: for the server only, never for others. */
export const make = Effect.gen(function*() {
  const client = yield* HttpClient.HttpClient
  const key = yield* Effect.orElseSucceed(Config.option(Config.NonEmptyString("STRATA_API_KEY")), () => Option.none())
  return Option.match(key, {
    onNone: () => client,
    onSome: (key) => HttpClient.mapRequest(client, HttpClientRequest.bearerToken(key))
  })
})

export const layer = Layer.effect(HttpClient.HttpClient, make).pipe(Layer.provide(NodeHttpClient.layerUndici))
