/** Google Cloud: a token of a service account, of the machine's application default credentials, or one that is given. */
import { Effect, Option, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import type { JWTInput } from "google-auth-library"
import { readFile } from "node:fs/promises"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import type { Authentication, AuthenticationType } from "./Authentication.ts"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"
import * as LibraryCall from "./LibraryCall.ts"
import * as RotatingSecret from "./RotatingSecret.ts"

const secret = Schema.optionalKey(Schema.RedactedFromValue(Schema.String))

export const fields = {
  access_token: secret.annotate({
    description: "A token as `gcloud auth print-access-token` gives it; it ends within an hour. Absent or empty: the " +
      "service account's, else the application default credentials'."
  }).pipe(FieldPrompt.annotate({ prompt: "Access token (empty: of the credentials)" })),
  credentials_json: secret.annotate({
    description: "The JSON of a service account's key, or of another kind of Google credentials. Absent or empty: " +
      "credentials_file."
  }).pipe(
    FieldPrompt.annotate({
      displayName: "Credentials (JSON)",
      prompt: "JSON of a service account's key (empty: a file)"
    })
  ),
  credentials_file: Schema.optionalKey(Schema.String).annotate({
    description: "A file with that JSON. Absent or empty: the application default credentials, which are " +
      "GOOGLE_APPLICATION_CREDENTIALS, gcloud's, or those of the machine."
  }).pipe(FieldPrompt.annotate({
    env: "GOOGLE_APPLICATION_CREDENTIALS",
    prompt: "File of a service account's key (empty: application default credentials)"
  }))
}

interface Config {
  readonly access_token?: Redacted.Redacted
  readonly credentials_json?: Redacted.Redacted
  readonly credentials_file?: string
}

const scope = "https://www.googleapis.com/auth/cloud-platform"

const textOf = (secret: Redacted.Redacted | undefined): string => secret === undefined ? "" : Redacted.value(secret)

const Credentials = Schema.fromJsonString(Schema.JsonObject)
const ServiceAccount = Schema.Struct({
  type: Schema.Literal("service_account"),
  client_email: Schema.String,
  private_key: Schema.String,
  private_key_id: Schema.optionalKey(Schema.String),
  quota_project_id: Schema.optionalKey(Schema.String)
})
const decodeCredentials = Schema.decodeUnknownOption(Credentials)
const decodeServiceAccount = Schema.decodeUnknownOption(ServiceAccount)

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** The JSON of the credentials, and where it stands; undefined: the machine's are taken. */
const writtenOf = (
  { credentials_file = "", credentials_json }: Config
): Effect.Effect<{ readonly text: string; readonly place: string } | undefined, AuthenticationFailed> => {
  const text = textOf(credentials_json)
  if (text !== "") return Effect.succeed({ text, place: "credentials_json" })
  if (credentials_file === "") return Effect.undefined
  const place = `credentials_file ${credentials_file}`
  return Effect.tryPromise({
    try: () => readFile(credentials_file, "utf8"),
    catch: () => new AuthenticationFailed({ message: `${place} can't be read: check that it is there` })
  }).pipe(Effect.map((text) => ({ text, place })))
}

type HeadersOf = (url: string) => Promise<Headers>

const headersOf = (config: Config): Effect.Effect<HeadersOf, AuthenticationFailed> =>
  Effect.gen(function*() {
    const written = yield* writtenOf(config)
    const credentials = decodeCredentials(written?.text)
    if (written !== undefined && Option.isNone(credentials)) {
      return yield* new AuthenticationFailed({ message: `${written.place} is not the JSON of Google credentials` })
    }
    const { GoogleAuth, JWT } = yield* LibraryCall.load("google-auth-library", () => import("google-auth-library"))
    const account = Option.flatMap(credentials, decodeServiceAccount)
    if (Option.isSome(account)) {
      const { client_email: email, private_key: key, private_key_id: keyId, quota_project_id } = account.value
      const client = new JWT({ email, key, scopes: [scope], ...keyId === undefined ? {} : { keyId } })
      if (quota_project_id !== undefined) client.quotaProjectId = quota_project_id
      // It signs its tokens itself: nobody is asked for them.
      client.useJWTAccessWithScope = true
      return (url) => client.getRequestHeaders(url)
    }
    const auth = new GoogleAuth({
      scopes: [scope],
      ...Option.isNone(credentials) ? {} : { credentials: credentials.value as JWTInput }
    })
    return (url) => auth.getRequestHeaders(url)
  })

export const googleToken: AuthenticationType<Config> = {
  name: "Google access token",
  takesClientKey: true,
  make: Effect.fnUntraced(function*(config): Effect.fn.Return<Authentication> {
    const secrets = yield* ConfiguredSecrets
    const given = config.access_token
    if (given !== undefined && Redacted.value(given) !== "") {
      secrets.add(given)
      return { authorize: bearer, sign: (request) => Effect.succeed(HttpClientRequest.bearerToken(request, given)) }
    }
    const isSecret = RotatingSecret.make(secrets)
    let library: HeadersOf | undefined
    const sign = Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
      const ask = library ??= yield* headersOf(config)
      const headers = yield* LibraryCall.ask(
        () => ask(request.url),
        "no token of Google",
        "Set credentials_file or credentials_json, or run gcloud auth application-default login"
      )
      isSecret((headers.get("authorization") ?? "").replace(/^Bearer /i, ""))
      return HttpClientRequest.setHeaders(request, headers)
    })
    return { authorize: bearer, sign, openHeaders: ["x-goog-user-project"] }
  })
}
