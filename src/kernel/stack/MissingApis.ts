/** Finds the APIs that providers can't work without and nobody provides, and says what to add. */
import { formatPath } from "../issues/ConfigurationInvalid.ts"
import { configFields } from "../provider/FieldPrompt.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import { chainOf } from "../provider/PlannedProvider.ts"
import type { AnyDefinition } from "../provider/Provider.ts"
import type { StackIssue } from "./StackErrors.ts"

/** What its configuration can't go without, each from the environment. */
const configOf = (definition: AnyDefinition): string => {
  const required = configFields(definition).filter((field) => field.required)
  if (required.length === 0) return ""
  const written = required.map(({ env_var, id }) => `${id}: "\${env.${env_var ?? id.toUpperCase()}}"`)
  return `, config: { ${written.join(", ")} }`
}

/** How bad an example a type makes: a deprecated one, or one that needs more APIs, is worse. */
const penaltyOf = ({ deprecated, requires }: AnyDefinition): number =>
  (deprecated === undefined ? 0 : 100) + requires.length

/** What gives the API a provider: an entry more where it has a list, else a line. */
const remedy = (registry: ReadonlyArray<AnyDefinition>, api: string, listed: boolean): string => {
  const types = registry.filter((definition) => definition.api.name === api)
    .toSorted((one, other) => penaltyOf(one) - penaltyOf(other))
  const [example] = types
  if (example === undefined) return "no provider type here implements it: use another provider"
  const id = example.type.split("::").at(-1)
  const entry = `{ provider_id: ${id}, provider_type: "${example.type}"${configOf(example)} }`
  return listed
    ? `add to the list ${formatPath(["providers", api])} the entry ${entry}`
    : `add below providers the line ${api}: [${entry}]`
}

/** `configured` are the APIs with a provider, be it one that can't be planned; `listed` those with a list. */
export const missing = (
  providers: ReadonlyArray<PlannedProvider>,
  configured: ReadonlySet<string>,
  registry: ReadonlyArray<AnyDefinition>,
  listed: ReadonlyArray<string>
): ReadonlyArray<StackIssue> =>
  providers.flatMap(chainOf).flatMap(({ api, definition, path, provider_id, provider_type }) =>
    definition.requires.filter(({ name }) => !configured.has(name)).map(({ name }) => ({
      kind: "MissingApi" as const,
      path,
      message: `"${provider_id}" (${provider_type}), a provider of ${api}, needs the API ${name}: ` +
        remedy(registry, name, listed.includes(name))
    }))
  )
