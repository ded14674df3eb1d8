/** The configuration that all provider types of one dialect at a base URL have. */
import { Effect, Schema } from "effect"
import * as ConfiguredKeys from "../../kernel/authentication/ConfiguredKeys.ts"
import * as BaseUrl from "../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../kernel/client/TimeLimits.ts"
import * as FieldPrompt from "../../kernel/provider/FieldPrompt.ts"
import { flag, texts, whole } from "../../kernel/provider/FieldSchema.ts"
import * as Breaker from "../../kernel/reliability/Breaker.ts"
import * as LimitsConfiguration from "../../kernel/reliability/LimitsConfiguration.ts"
import * as RetryPolicy from "../../kernel/reliability/RetryPolicy.ts"
import * as LlamaStackFields from "./LlamaStackFields.ts"

const where = "Where the API begins, its version included. A query goes with each request."

const usualUrl = (base_url: string) =>
  BaseUrl.field.pipe(Schema.withDecodingDefaultKey(Effect.succeed(base_url))).annotate({
    description: `${where} Default ${base_url}.`
  }).pipe(FieldPrompt.annotate({ prompt: "Base URL of the API, its version included" }))

const ownUrl = (example: string) =>
  Schema.optionalKey(BaseUrl.field).annotate({ description: `${where} For example ${example}. It must be there.` })
    .pipe(FieldPrompt.annotate({ required: true, prompt: `Base URL: ${example}` }))

const keyOf = (keyVariable: string) =>
  Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent with each request as the vendor wants it. Absent or empty: none is sent."
  }).pipe(FieldPrompt.annotate({ env: keyVariable, prompt: "API key (empty: none is sent)" }))

const common = {
  api_keys: ConfiguredKeys.field,
  models: texts({
    description: "The vendor's ids of the models to serve. Absent: the vendor's own list."
  }).pipe(FieldPrompt.annotate({ prompt: "Models to serve (empty: all the vendor lists)" })),
  headers: Schema.Record(Schema.String, Schema.String).annotate({ expected: "a mapping of names to texts" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({ description: "Sent with every request, for example `OpenAI-Organization`." })
    .pipe(FieldPrompt.annotate({ prompt: "Headers to send with every request" })),
  repair_tool_sequences: flag({
    description: "true: calls of tools without results, and results without calls, are repaired in requests of the " +
      "vendor's own dialect, too. Default false: such requests pass as they are."
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(false)),
    FieldPrompt.annotate({ prompt: "Repair calls of tools without results in what passes through" })
  ),
  auto_continue: Schema.Struct({
    max_continuations: whole(0, 5, {
      description: "So often the model is asked to go on with an answer that was cut off. Default 0: never.",
      default: 0
    })
  }).annotate({ expected: "a mapping with max_continuations" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ).annotate({
    description:
      "Answers that end because they became too long for the vendor, and not by the client's own bound, are " +
      "gone on with: further calls, whose answers are one with the first."
  }).pipe(FieldPrompt.annotate({ prompt: "Go on with answers that were cut off (max_continuations, 0 to 5)" })),
  retry: RetryPolicy.field,
  limits: LimitsConfiguration.field,
  breaker: Breaker.field,
  ...TimeLimits.fields("the vendor"),
  ...LlamaStackFields.fields
}

/** `base_url`: where the vendor is; `keyVariable`: the environment variable its key is usually in. */
export const fields = ({ base_url, keyVariable }: { readonly base_url: string; readonly keyVariable: string }) => ({
  base_url: usualUrl(base_url),
  api_key: keyOf(keyVariable),
  ...common
})

/** Of a vendor who is somewhere else for each of its customers. `example`: such an address. */
export const fieldsWithoutUrl = (
  { example, keyVariable }: { readonly example: string; readonly keyVariable: string }
) => ({ base_url: ownUrl(example), api_key: keyOf(keyVariable), ...common })

const struct = Schema.Struct(fieldsWithoutUrl({ example: "https://example.com/v1", keyVariable: "API_KEY" }))
export type Config = typeof struct.Type
