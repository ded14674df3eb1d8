/** How `remote::strata` is configured, whatever the API, and what a client may send for it. */
import { Effect, Schema } from "effect"
import * as ConfigField from "../../../kernel/ConfigField.ts"
import * as ProviderData from "../../../kernel/ProviderData.ts"

const defaultTimeoutMs = 600_000
const defaultMaxHops = 4

export const Config = Schema.Struct({
  base_url: Schema.NonEmptyString.annotate({
    description: "Where the other server is, for example http://127.0.0.1:8321. `/v1` at its end may be left out."
  }).pipe(ConfigField.annotate({ prompt: "URL of the other Strata, or of an OGX server" })),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent to the other server as a bearer token. Absent or empty: none is sent."
  }).pipe(
    ConfigField.annotate({ env: "REMOTE_STRATA_API_KEY", prompt: "Key of the other server (empty: none is sent)" })
  ),
  headers: Schema.Record(Schema.String, Schema.String).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({ description: "Sent with every request." })
    .pipe(ConfigField.annotate({ prompt: "Headers to send with every request" })),
  timeout_ms: Schema.Int.check(Schema.isGreaterThan(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(defaultTimeoutMs))
  ).annotate({
    description: `How long the other server may take to begin its answer, milliseconds. Default ${defaultTimeoutMs}.`
  }).pipe(ConfigField.annotate({
    displayName: "Timeout",
    prompt: "Milliseconds the other server may take to begin its answer"
  })),
  max_hops: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(defaultMaxHops))
  ).annotate({
    description:
      "How many servers a request may pass. One that came through more is answered 508: it is sent in a circle. " +
      `Default ${defaultMaxHops}.`
  }).pipe(ConfigField.annotate({ displayName: "Servers at most", prompt: "Servers a request may pass" }))
})
export type Config = typeof Config.Type

export const Data = Schema.Struct({
  api_key: Schema.optionalKey(ProviderData.Key),
  /** For the providers of the other server: its own header. */
  provider_data: Schema.optionalKey(ProviderData.Anything)
})
