/** Takes the switched-off entries out of a configuration, and says of each provider why. */
import { Option, Record, Schema } from "effect"
import { namesIn } from "../issues/EnvironmentSubstitution.ts"
import type { ProviderEntry, SkippedProvider } from "../provider/ProviderEntry.ts"
import { skipCause } from "../provider/ProviderEntry.ts"
import { isGroupSwitchedOff, isSwitchedOff } from "../resources/ResourcesConfiguration.ts"
import type { Configuration } from "./Configuration.ts"

/** The one part of the file as written that the reasons quote. */
const Written = Schema.Struct({
  providers: Schema.Record(Schema.String, Schema.Array(Schema.Struct({ provider_id: Schema.NullOr(Schema.String) })))
})
const decodeWritten = Schema.decodeUnknownOption(Written)

const explain = (cause: string, written: string): string => {
  const names = namesIn(written)
  return names.length === 0
    ? `provider_id is ${cause}: give it a name to use this provider`
    : `provider_id ${written} is ${cause}: set ${names.join(" or ")} to use this provider`
}

/** `written` is the tree before substitution. */
export const withoutSkipped = (
  configuration: Configuration,
  written: Schema.Json
): { readonly configuration: Configuration; readonly skipped: ReadonlyArray<SkippedProvider> } => {
  const original = Option.getOrUndefined(decodeWritten(written))
  const skipped: Array<SkippedProvider> = []
  const isActive = (api: string) => (entry: ProviderEntry, index: number): boolean => {
    const cause = skipCause(entry)
    if (cause === undefined) return true
    const id = original?.providers[api]?.[index]?.provider_id ?? ""
    skipped.push({ api, provider_type: entry.provider_type, reason: explain(cause, id) })
    return false
  }
  const providers = Record.map(configuration.providers, (entries, api) => entries.filter(isActive(api)))
  const models = configuration.registered_resources.models.filter((each) => !isSwitchedOff(each))
  const tool_groups = configuration.registered_resources.tool_groups.filter((each) => !isGroupSwitchedOff(each))
  return { configuration: { ...configuration, providers, registered_resources: { models, tool_groups } }, skipped }
}
