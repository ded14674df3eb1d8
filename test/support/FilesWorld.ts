/** A Strata that keeps files in a folder, and OpenAI's client in front of it. */
import { Effect } from "effect"
import type { Schema } from "effect"
import OpenAI from "openai"
import { Strata } from "./Strata.ts"
import type { StrataOptions } from "./Strata.ts"

export const entry = { provider_id: "files", provider_type: "inline::localfs", config: {} }

export const make = Effect.fnUntraced(function*(
  config: Schema.JsonObject = {},
  options: Omit<StrataOptions, "more"> = {}
) {
  const strata = yield* Strata.make({ ...options, more: { files: [{ ...entry, config }] } })
  return { strata, client: clientOf(strata) }
})

export const clientOf = (strata: Strata, apiKey = "key") =>
  new OpenAI({ baseURL: `${strata.url}/v1`, apiKey, maxRetries: 0 })

export const ask = <A>(run: (signal: AbortSignal) => Promise<A>) => Effect.tryPromise(run)

/** What the client threw. */
export const refusal = <A>(run: (signal: AbortSignal) => Promise<A>) =>
  Effect.map(Effect.flip(Effect.tryPromise(run)), ({ cause }) => cause as InstanceType<typeof OpenAI.APIError>)
