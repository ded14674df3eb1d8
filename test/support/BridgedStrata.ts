/** A Strata before one vendor, asked by `effect/ai`: over HTTP, and in process. */
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import * as InProcessClient from "../../src/apis/inference/bridge/InProcessClient.ts"
import * as StrataClient from "../../src/apis/inference/bridge/StrataClient.ts"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import type { FakeUpstream } from "./FakeUpstream.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"

export type Way = "in process" | "over HTTP"

export const ways: ReadonlyArray<Way> = ["in process", "over HTTP"]

/** A client's key of the server, where it wants one. */
export const clientKey = "sk-client-of-the-server-0123456789"

export const make = Effect.fnUntraced(
  function*(providers: ReadonlyArray<ProviderEntry>, options: Omit<StrataOptions, "providers"> = {}) {
    const strata = yield* Strata.make({ level: "raw", providers, ...options })
    const http = StrataClient.layer({ baseUrl: `${strata.url}/v1`, apiKey: Redacted.make(clientKey) }).pipe(
      Layer.provide(FetchHttpClient.layer)
    )
    return {
      strata,
      /** Runs what asks a Strata, in one of the ways. */
      by: (way: Way) => <A, E>(effect: Effect.Effect<A, E, StrataClient.StrataClient>): Effect.Effect<A, E> =>
        way === "over HTTP"
          ? Effect.provide(effect, http)
          : strata.inProcess(Effect.provide(effect, InProcessClient.layer))
    }
  }
)

/** `remote::openai` before a fake vendor. */
export const openAi = (vendor: FakeUpstream) => Strata.openAi(vendor, { models: ["m"] }, "openai")
