/** `node main.ts openai/gpt-5 "Do I need an umbrella in Oslo?"`, against a running `strata serve`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, Console, Effect, Layer, Option } from "effect"
import { FetchHttpClient } from "effect/http"
import * as StrataClient from "strata/apis/inference/bridge/StrataClient"
import * as StrataLanguageModel from "strata/apis/inference/bridge/StrataLanguageModel"
import { answer } from "./Weather.ts"

const main = Effect.gen(function*() {
  const [model = "", question = "Do I need an umbrella in Oslo?"] = process.argv.slice(2)
  const baseUrl = yield* Config.String("STRATA_URL").pipe(Config.withDefault("http://127.0.0.1:8321"))
  const apiKey = Option.getOrUndefined(yield* Config.option(Config.Redacted("STRATA_API_KEY")))
  const layer = StrataLanguageModel.layer({ model }).pipe(
    Layer.provide(StrataClient.layer({ baseUrl, apiKey })),
    Layer.provide(FetchHttpClient.layer)
  )
  yield* Console.log(yield* Effect.provide(answer(question), layer))
})

NodeRuntime.runMain(main)
