/** Google Cloud: a token of a service account, of the machine's application default credentials, or one that is given. */
import { Effect, Redacted, Result, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import type { JWTInput } from "google-auth-library"
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

const decodeCredentials = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.JsonObject))

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

type HeadersOf = (url: string) => Promise<Headers>

const libraryOf = (
  { credentials_file = "", credentials_json }: Config
): Effect.Effect<HeadersOf, AuthenticationFailed> =>
  Effect.gen(function*() {
    const json = textOf(credentials_json)
    const credentials = json === "" ? undefined : decodeCredentials(json)
    if (credentials !== undefined && Result.isFailure(credentials)) {
      return yield* new AuthenticationFailed({ message: "credentials_json is not the JSON of Google credentials" })
    }
    const { GoogleAuth } = yield* LibraryCall.load("google-auth-library", () => import("google-auth-library"))
    const auth = new GoogleAuth({
      scopes: [scope],
      ...credentials === undefined ? {} : { credentials: credentials.success as JWTInput },
      ...credentials !== undefined || credentials_file === "" ? {} : { keyFilename: credentials_file }
    })
    // A service account signs its tokens itself: nobody is asked for them.
    auth.useJWTAccessWithScope = true
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
    let headersOf: HeadersOf | undefined
    const sign = Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
      const ask = headersOf ??= yield* libraryOf(config)
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
