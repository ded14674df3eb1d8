/** A server with two vendors, whose clients register models. */
import { Effect } from "effect"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"

export const given = Effect.fnUntraced(function*(options: StrataOptions = {}) {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]), models: ["small", "large"] })
  const other = yield* FakeUpstream.make({ respond: Chat.answering(["Green"]), models: ["small"] })
  const strata = yield* Strata.make({
    providers: [Strata.openAi(upstream), Strata.openAi(other, { models: ["only"] }, "other")],
    ...options
  })
  return { upstream, other, strata }
})

export const post = (strata: Strata, body: object, headers: Readonly<Record<string, string>> = {}) =>
  Http.send(strata.url, "/v1/models", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body)
  })

export const remove = (strata: Strata, id: string, headers: Readonly<Record<string, string>> = {}) =>
  Http.send(strata.url, `/v1/models/${id}`, { method: "DELETE", headers })

export const ids = (strata: Strata) =>
  Effect.map(
    Http.send(strata.url, "/v1/models"),
    ({ json }) => (json as { readonly data: ReadonlyArray<{ readonly id: string }> }).data.map(({ id }) => id)
  )

export const house = { model_id: "house", provider_id: "other", provider_model_id: "only" }
export const fast = { model_id: "fast", provider_id: "upstream", provider_model_id: "small" }
