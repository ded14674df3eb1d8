/** Sends a request with an authentication to a vendor, as a provider does. */
import { Effect } from "effect"
import type { Scope } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { AuthenticationType } from "../../src/kernel/authentication/Authentication.ts"
import type { AuthenticationFailed } from "../../src/kernel/authentication/AuthenticationFailed.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"

const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "ünlike" }] })

/** The requests that a vendor got: one that says something at a path that needs escapes, and one that only looks. */
export const sent = <Config>(
  authentication: AuthenticationType<Config>,
  config: Config
): Effect.Effect<ReadonlyArray<ReceivedRequest>, AuthenticationFailed, HttpClient.HttpClient | Scope.Scope> =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({ models: [], respond: () => ScriptedAnswer.json(200, {}) })
    const client = yield* HttpClient.HttpClient
    const { sign } = yield* authentication.make(config)
    const post = HttpClientRequest.post(`${vendor.url}/model/a.b-v1%3A0/converse?version=2024-05-01&a=b%20c`).pipe(
      HttpClientRequest.bodyText(body, "application/json")
    )
    for (const request of [post, HttpClientRequest.get(`${vendor.url}/models`)]) {
      const signed = sign === undefined ? request : yield* sign(request)
      yield* Effect.orDie(client.execute(signed))
    }
    return vendor.received
  })
