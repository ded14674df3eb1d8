/** Azure: a token of Microsoft Entra, given or of whom `@azure/identity` finds. */
import type { TokenCredential } from "@azure/identity"
import type * as AzureIdentity from "@azure/identity"
import { Effect, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import type { Authentication, AuthenticationType } from "./Authentication.ts"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"
import * as LibraryCall from "./LibraryCall.ts"
import * as TokenCache from "./TokenCache.ts"

const secret = Schema.optionalKey(Schema.RedactedFromValue(Schema.String))
const onlyWith = { authentication: "entra" }

export const fields = {
  authentication: Schema.Literals(["api_key", "entra"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("api_key" as const))
  ).annotate({
    description:
      "Who asks: a resource's key (`api_key`), or an identity of Microsoft Entra (`entra`). Default `api_key`."
  }).pipe(FieldPrompt.annotate({ prompt: "Key of the resource, or an identity of Microsoft Entra" })),
  azure_ad_token: secret.annotate({
    description:
      "A token of Entra, as `az account get-access-token` gives it; it ends within hours. Absent or empty: " +
      "one of the client below, else of whom Azure's default chain finds (environment, workload, managed identity, az)."
  }).pipe(
    FieldPrompt.annotate({ displayName: "Entra token", prompt: "Token of Entra (empty: fetched)", showWhen: onlyWith })
  ),
  tenant_id: Schema.optionalKey(Schema.String).annotate({ description: "The tenant of the client." })
    .pipe(
      FieldPrompt.annotate({ env: "AZURE_TENANT_ID", prompt: "Tenant of the client (empty: none)", showWhen: onlyWith })
    ),
  client_id: Schema.optionalKey(Schema.String).annotate({ description: "An application that is registered in Entra." })
    .pipe(
      FieldPrompt.annotate({
        env: "AZURE_CLIENT_ID",
        prompt: "Id of the client (empty: default chain)",
        showWhen: onlyWith
      })
    ),
  client_secret: secret.annotate({ description: "The secret of the client." })
    .pipe(FieldPrompt.annotate({ env: "AZURE_CLIENT_SECRET", prompt: "Secret of the client", showWhen: onlyWith })),
  entra_scope: Schema.NonEmptyString.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("https://cognitiveservices.azure.com/.default"))
  ).annotate({ description: "What the token is for. Default https://cognitiveservices.azure.com/.default." })
    .pipe(FieldPrompt.annotate({ prompt: "Scope of the token", showWhen: onlyWith }))
}

interface Config {
  readonly authentication: "api_key" | "entra"
  readonly azure_ad_token?: Redacted.Redacted
  readonly tenant_id?: string
  readonly client_id?: string
  readonly client_secret?: Redacted.Redacted
  readonly entra_scope: string
}

const textOf = (secret: Redacted.Redacted | undefined): string => secret === undefined ? "" : Redacted.value(secret)

type Identity = Pick<typeof AzureIdentity, "ClientSecretCredential" | "DefaultAzureCredential">

const credentialOf = (
  { ClientSecretCredential, DefaultAzureCredential }: Identity,
  { client_id = "", client_secret, tenant_id = "" }: Config
): TokenCredential => {
  const secret = textOf(client_secret)
  if (tenant_id !== "" && client_id !== "" && secret !== "") {
    return new ClientSecretCredential(tenant_id, client_id, secret)
  }
  return new DefaultAzureCredential({
    ...tenant_id === "" ? {} : { tenantId: tenant_id },
    ...client_id === "" ? {} : { managedIdentityClientId: client_id }
  })
}

const remedy = "Set tenant_id, client_id and client_secret, run az login, or use an api_key"

const tokenOf = (config: Config, load: () => Promise<Identity>) => {
  let credential: TokenCredential | undefined
  return Effect.gen(function*() {
    const identity = yield* LibraryCall.load("@azure/identity", load)
    const token = yield* LibraryCall.ask(
      () => (credential ??= credentialOf(identity, config)).getToken(config.entra_scope),
      "no token of Microsoft Entra",
      remedy
    )
    if (token === null) return yield* new AuthenticationFailed({ message: `no token of Microsoft Entra. ${remedy}` })
    return { value: Redacted.make(token.token), endsAt: token.expiresOnTimestamp }
  })
}

/** `load`: brings the package, which need not be installed. */
export const make = (load: () => Promise<Identity> = () => import("@azure/identity")): AuthenticationType<Config> => ({
  name: "key in the header api-key, or a token of Microsoft Entra",
  takesClientKey: true,
  make: Effect.fnUntraced(function*(config): Effect.fn.Return<Authentication> {
    const authorize = (key: string) => ({ "api-key": key })
    if (config.authentication === "api_key") return { authorize }
    const given = config.azure_ad_token
    const token = given !== undefined && Redacted.value(given) !== ""
      ? Effect.succeed(given)
      : yield* TokenCache.make(tokenOf(config, load))
    return { authorize, sign: (request) => Effect.map(token, (token) => HttpClientRequest.bearerToken(request, token)) }
  })
})

export const entraToken = make()
