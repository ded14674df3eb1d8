/** Who asks: what a client sent to authenticate, given to each way of authentication there is. */
import { Context, Effect, Layer } from "effect"
import type { HttpServerRequest } from "effect/http"
import type { Principal } from "../events/types/Principal.ts"
import type { Authentication as Configuration } from "../kernel/access/AuthenticationConfiguration.ts"
import * as ApiKeyAuthentication from "./ApiKeyAuthentication.ts"
import { AuthenticationFailed } from "./Authenticator.ts"

type Headers = HttpServerRequest.HttpServerRequest["headers"]
type Providers = Configuration["providers"]

const bearer = /^bearer +(\S+) *$/i

const missing = new AuthenticationFailed({
  reason: "missing",
  message: "Nothing says who asks: send your key as `Authorization: Bearer …` (OpenAI's clients: api_key) or as " +
    "`x-api-key` (Anthropic's)."
})

const notBearer = new AuthenticationFailed({
  reason: "invalid",
  message: "The header Authorization is not understood: it must be `Bearer`, a space and the key."
})

const unknown = new AuthenticationFailed({
  reason: "invalid",
  message: "The key is not known here. Check that it is complete, and that it is one of this server's."
})

/** What a client sent: OpenAI's header, or Anthropic's. */
const credentialOf = (headers: Headers): Effect.Effect<string, AuthenticationFailed> => {
  const { authorization, "x-api-key": key } = headers
  if (authorization !== undefined) {
    const token = bearer.exec(authorization)?.[1]
    return token === undefined ? Effect.fail(notBearer) : Effect.succeed(token)
  }
  return key === undefined || key === "" ? Effect.fail(missing) : Effect.succeed(key)
}

export class Authentication extends Context.Service<Authentication, {
  /** False: everyone is anonymous. */
  readonly required: boolean
  authenticate(headers: Headers): Effect.Effect<Principal, AuthenticationFailed>
}>()("strata/server/Authentication") {
  /** Everyone is anonymous. */
  static readonly anonymous = Layer.sync(
    Authentication,
    () => Authentication.of({ required: false, authenticate: () => Effect.fail(missing) })
  )

  static readonly layer = (providers: Providers) =>
    providers.length === 0 ? Authentication.anonymous : Layer.effect(Authentication, make(providers))
}

/** Most servers do without: they start faster. */
const jwtAuthentication = Effect.promise(() => import("./JwtAuthentication.ts"))

const make = Effect.fnUntraced(function*(providers: Providers) {
  const alone = providers.filter(({ type }) => type === "jwt").length === 1
  const authenticators = yield* Effect.forEach(
    providers,
    (provider) =>
      provider.type === "api_keys"
        ? Effect.succeed(ApiKeyAuthentication.make(provider))
        : Effect.flatMap(jwtAuthentication, ({ make }) => make(provider, alone))
  )
  return Authentication.of({
    required: true,
    authenticate: (headers) =>
      Effect.flatMap(credentialOf(headers), (credential) => {
        for (const { authenticate } of authenticators) {
          const answer = authenticate(credential)
          if (answer !== undefined) return answer
        }
        return Effect.fail(unknown)
      })
  })
})
