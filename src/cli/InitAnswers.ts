/** What a new configuration is made of: the answers a person gives, or the defaults, and the file they become. */
import { Config, Effect, Option } from "effect"
import type { Schema } from "effect"
import { Document } from "yaml"
import type { ConfigField, ProviderInfo } from "../kernel/provider/ProviderModels.ts"

/** A provider to be written. */
export interface ChosenProvider {
  readonly api: string
  readonly provider_id: string
  readonly provider_type: string
  /** As it is written: a secret is the name of its variable. */
  readonly config: Schema.JsonObject
  /** The environment variables its secrets are taken from. */
  readonly variables: ReadonlyArray<string>
}

/** `inline::replay` is called `replay`. */
export const usualId = ({ provider_type }: Pick<ProviderInfo, "provider_type">): string =>
  provider_type.replace(/^.*::/, "")

/** The variable of a secret, where its field names none. */
export const variableOf = ({ env_var, id }: ConfigField, provider_id: string): string =>
  env_var ?? `${provider_id}_${id}`.toUpperCase().replaceAll(/[^A-Z0-9_]/g, "_")

/** A secret as it is written: taken from the environment, empty where that has none. */
export const fromEnvironment = (variable: string): string => `\${env.${variable}:=}`

/** Only where the other answers ask for it. */
export const isAsked = ({ show_when }: ConfigField, answers: Schema.JsonObject): boolean =>
  show_when === null ||
  Object.entries(show_when).every(([field, values]) => values.includes(String(answers[field] ?? "")))

/** True where its variable is set. */
export const isSet = (variable: string) =>
  Effect.map(
    Effect.orElseSucceed(Config.option(Config.NonEmptyString(variable)), () => Option.none()),
    Option.isSome
  )

/** Types that ask for a key, with the variables they find it in. */
export const withKeySet = Effect.fnUntraced(function*(types: ReadonlyArray<ProviderInfo>) {
  return yield* Effect.filter(types, ({ credential_env_vars: names }) =>
    names.length === 0
      ? Effect.succeed(false)
      : Effect.map(Effect.forEach(names, isSet), (areSet) => areSet.every(Boolean)))
})

/** A type with a key starts when its key is there: the file is good before and after. */
const toDefault = (info: ProviderInfo): ChosenProvider => {
  const { api, config_fields, credential_env_vars: variables, provider_type } = info
  const id = usualId(info)
  const [key] = variables
  const secrets = config_fields.filter(({ field_type }) => field_type === "secret")
  return {
    api,
    provider_type,
    provider_id: key === undefined ? id : `\${env.${key}:+${id}}`,
    config: Object.fromEntries(
      secrets.flatMap((field) => field.env_var === null ? [] : [[field.id, fromEnvironment(field.env_var)]])
    ),
    variables
  }
}

/** Without questions: the types whose key is set, or else the first that asks for one. */
export const defaults = Effect.fnUntraced(function*(types: ReadonlyArray<ProviderInfo>) {
  const withKey = yield* withKeySet(types)
  const usual = types.filter(({ credential_env_vars: names }) => names.length > 0).slice(0, 1)
  return (withKey.length > 0 ? withKey : usual).map(toDefault)
})

/** The file; `schema` is the name of the JSON Schema beside it. */
export const toYaml = (chosen: ReadonlyArray<ChosenProvider>, schema: string): string => {
  const providers = Object.fromEntries(
    [...Map.groupBy(chosen, ({ api }) => api)].map(([api, entries]) => [
      api,
      entries.map(({ config, provider_id, provider_type }) => ({
        provider_id,
        provider_type,
        ...Object.keys(config).length === 0 ? {} : { config }
      }))
    ])
  )
  const document = new Document({ version: 1, providers })
  return `# yaml-language-server: $schema=./${schema}\n${document.toString({ lineWidth: 120 })}`
}

/** The variables to set, each once. */
export const variablesOf = Effect.fnUntraced(function*(chosen: ReadonlyArray<ChosenProvider>) {
  const names = [...new Set(chosen.flatMap(({ variables }) => variables))]
  return yield* Effect.forEach(names, (name) => Effect.map(isSet(name), (set) => ({ name, set })))
})
