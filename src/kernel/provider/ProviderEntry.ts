/** An entry of `providers` in a configuration: which provider to run, under which name, with which settings. */
import { Effect, Schema, SchemaGetter } from "effect"
import { disabled } from "../issues/EnvironmentSubstitution.ts"
import { flag, text } from "./FieldSchema.ts"

const aboutId = {
  description: `Name of this instance, unique within its API; empty or ${disabled} skips the entry`
}
/** It begins the ids of models, `provider_id/model_id`. */
const idText = Schema.String.annotate({ expected: "a text" }).check(
  Schema.isPattern(/^[^/\s]*$/u, { expected: "a name without slashes and spaces" })
)
// Checked as written, so that it is told together with what is wrong elsewhere.
const ProviderId = Schema.NullOr(idText)
  .annotate({ expected: "a text", ...aboutId })
  .annotateKey({ messageMissingKey: "missing: name this provider, for example provider_id: openai" })
  .pipe(Schema.decodeTo(Schema.String.annotate(aboutId), {
    decode: SchemaGetter.transform((id) => id ?? ""),
    encode: SchemaGetter.passthroughSubtype()
  }))

/** `@acme/strata-thing`, `./thing.ts`, `/srv/thing.js`. */
export const ModuleName = text

export const ProviderEntry = Schema.Struct({
  provider_id: ProviderId,
  provider_type: text.annotate({ description: "Which provider to run: inline::name or remote::name" })
    .annotateKey({
      messageMissingKey: "missing: say which provider this is, for example provider_type: remote::openai"
    }),
  config: Schema.JsonObject
    .annotate({
      expected: "a mapping",
      description: "Settings of the provider, checked by its own Schema",
      default: {}
    })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  required: Schema.optionalKey(flag({
    description: "true: the server does not start without this provider, and is degraded while it does not work; " +
      "false: the server starts without it, and it joins when it works"
  })),
  module: Schema.optionalKey(ModuleName.annotate({
    description:
      "The package, or the file relative to this one, that brings this provider type; it runs with all rights of Strata"
  }))
}).annotate({ expected: "a mapping with provider_id and provider_type" })
export type ProviderEntry = typeof ProviderEntry.Type

/** Why an entry is to be skipped, if it is. */
export const skipCause = (entry: ProviderEntry): "empty" | typeof disabled | undefined =>
  entry.provider_id === "" ? "empty" : entry.provider_id === disabled ? disabled : undefined

/** The entries by API. */
export type ProviderEntries = Readonly<Record<string, ReadonlyArray<ProviderEntry>>>

/** An entry that is left out, and why. */
export interface SkippedProvider {
  readonly api: string
  readonly provider_type: string
  readonly reason: string
}
