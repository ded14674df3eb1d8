/** What one dialect says and no other does. */
import { Schema } from "effect"

export const ProviderOptions = Schema.Record(Schema.String, Schema.JsonObject).annotate({
  identifier: "ProviderOptions",
  description: "Fields that only one dialect has, by the dialect's name: they go back where it is spoken again, and " +
    "nowhere else.",
  examples: [{ anthropic: { container: "container_1" } }]
})
export type ProviderOptions = typeof ProviderOptions.Type

/** What a dialect said besides, as fields to spread; none where nothing was left. */
export const optionsOf = (
  dialect: string,
  fields: Schema.JsonObject
): { readonly provider_options?: ProviderOptions } =>
  Object.keys(fields).length === 0 ? {} : { provider_options: { [dialect]: fields } }

/** What the dialect said besides, when it was spoken before. */
export const optionsFor = (
  dialect: string,
  { provider_options }: { readonly provider_options?: ProviderOptions | null | undefined }
): Schema.JsonObject => provider_options?.[dialect] ?? {}
