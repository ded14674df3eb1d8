/** The Gemini API is asked with a key, or with a token of Google's and the project that pays. */
import { Effect, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { ConfiguredSecrets } from "../../../events/redaction/Secrets.ts"
import type { Authentication, AuthenticationType } from "../../../kernel/authentication/Authentication.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"

export const fields = {
  access_token: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "A token of Google's instead of a key; it ends within an hour. Absent or empty: the key is sent."
  }).pipe(FieldPrompt.annotate({ env: "GEMINI_ACCESS_TOKEN", prompt: "Access token (empty: the key)" })),
  project: Schema.optionalKey(Schema.String).annotate({
    description: "The project that pays, where an access token asks. Absent or empty: the token's own."
  }).pipe(FieldPrompt.annotate({ env: "GEMINI_AI_PROJECT", prompt: "Project that pays (empty: the token's)" }))
}

interface Config {
  readonly access_token?: Redacted.Redacted
  readonly project?: string
}

const payer = "x-goog-user-project"

const authorize = (key: string) => ({ "x-goog-api-key": key })

export const geminiAuthentication: AuthenticationType<Config> = {
  name: "key in the header x-goog-api-key, or a token of Google's",
  takesClientKey: true,
  make: Effect.fnUntraced(function*({ access_token, project = "" }): Effect.fn.Return<Authentication> {
    if (access_token === undefined || Redacted.value(access_token) === "") return { authorize }
    const secrets = yield* ConfiguredSecrets
    secrets.add(access_token)
    const headers = project === "" ? {} : { [payer]: project }
    return {
      authorize,
      sign: (request) =>
        Effect.succeed(
          HttpClientRequest.setHeaders(HttpClientRequest.bearerToken(request, access_token), headers)
        ),
      openHeaders: [payer]
    }
  })
}
