/** How `remote::strata` is configured, whatever the API, and what a client may send for it. */
import { Effect, Schema } from "effect"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../../kernel/client/TimeLimits.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { whole } from "../../../kernel/provider/FieldSchema.ts"
import * as ProviderData from "../../../kernel/provider/ProviderData.ts"

const defaultMaxHops = 4

export const Config = Schema.Struct({
  base_url: BaseUrl.field.annotate({
    description: "Where the other server is, for example http://127.0.0.1:8321. `/v1` at its end may be left out."
  }).annotateKey({
    messageMissingKey: "missing: say where the other server is, for example base_url: http://127.0.0.1:8321"
  }).pipe(FieldPrompt.annotate({ prompt: "URL of the other Strata, or of an OGX server" })),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent to the other server as a bearer token. Absent or empty: none is sent."
  }).pipe(
    FieldPrompt.annotate({ env: "REMOTE_STRATA_API_KEY", prompt: "Key of the other server (empty: none is sent)" })
  ),
  headers: Schema.Record(Schema.String, Schema.String).annotate({ expected: "a mapping of names to texts" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({ description: "Sent with every request." })
    .pipe(FieldPrompt.annotate({ prompt: "Headers to send with every request" })),
  ...TimeLimits.fields("the other server"),
  max_hops: whole(1, 100, {
    description:
      "How many servers a request may pass. One that came through more is answered 508: it is sent in a circle. " +
      `Default ${defaultMaxHops}.`,
    default: defaultMaxHops
  }).pipe(FieldPrompt.annotate({ displayName: "Servers at most", prompt: "Servers a request may pass" }))
})
export type Config = typeof Config.Type

/** The same where files are sent. */
export const withLongestFile = (bytes: number) =>
  Schema.Struct({
    ...Config.fields,
    max_file_bytes: whole(1, Number.MAX_SAFE_INTEGER, {
      description: `The longest file that is sent, bytes; the other server may take less. Default ${bytes}.`,
      default: bytes
    }).pipe(FieldPrompt.annotate({ prompt: "The longest file that is sent, bytes" }))
  })

export const Data = Schema.Struct({
  api_key: Schema.optionalKey(ProviderData.Key),
  /** For the providers of the other server: its own header. */
  provider_data: Schema.optionalKey(ProviderData.Anything)
})
