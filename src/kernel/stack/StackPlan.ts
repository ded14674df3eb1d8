/** Checks a configuration against the registry of provider types, before anything is started. */
import { Effect, Option, Schema } from "effect"
import { formatPath } from "../issues/ConfigurationInvalid.ts"
import * as FailureText from "../issues/FailureText.ts"
import { suggest, suggestType } from "../issues/NearestKey.ts"
import { decodingIssues } from "../issues/SchemaIssues.ts"
import * as CrossFieldCheck from "../provider/CrossFieldCheck.ts"
import * as LevelFlags from "../provider/LevelFlags.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import type { AnyDefinition } from "../provider/Provider.ts"
import { refusalOf, upstreamOf } from "../provider/Provider.ts"
import type { ProviderEntry } from "../provider/ProviderEntry.ts"
import type { ProviderEntries } from "../provider/ProviderEntry.ts"
import { missing } from "./MissingApis.ts"
import { cycles } from "./StackCycles.ts"
import type { StackIssue } from "./StackErrors.ts"
import { StackInvalid } from "./StackErrors.ts"

/** How many upstreams may stand in each other. */
const deepestUpstream = 4

/** `Registry` holds the definitions' types for the stack that is built from the plan. */
export interface StackPlan<Registry extends ReadonlyArray<AnyDefinition>> {
  readonly providers: ReadonlyArray<PlannedProvider>
  /** The provider types there are. */
  readonly registry: Registry
}

const unique = (values: ReadonlyArray<string>) => [...new Set(values)].sort()

/** An API that takes no providers: Strata has none of that name, or makes it itself. */
const withoutProviders = (
  registry: ReadonlyArray<AnyDefinition>,
  api: string,
  own: ReadonlyArray<string>
): ReadonlyArray<StackIssue> => {
  const implemented = unique(registry.map((definition) => definition.api.name))
  if (implemented.includes(api)) return []
  const path = formatPath(["providers", api])
  if (own.includes(api)) {
    const message = `Strata provides the API ${api} itself: remove ${path}. Providers implement: ${
      implemented.join(", ")
    }.`
    return [{ kind: "AutoProvidedApi", path, message }]
  }
  return [{
    kind: "UnknownApi",
    path,
    message: `no provider type implements the API ${api}. ${suggest(api, implemented)}.`
  }]
}

const asUpstream = Schema.decodeUnknownOption(
  Schema.Struct({ provider_type: Schema.String, config: Schema.JsonObject })
)

const planEntry = Effect.fnUntraced(function*(
  registry: ReadonlyArray<AnyDefinition>,
  api: string,
  entry: ProviderEntry,
  path: ReadonlyArray<PropertyKey>,
  depth = 0
): Effect.fn.Return<PlannedProvider, ReadonlyArray<StackIssue>> {
  const issue = (kind: StackIssue["kind"], key: ReadonlyArray<PropertyKey>, message: string): StackIssue => ({
    kind,
    path: formatPath([...path, ...key]),
    message
  })
  const types = registry.filter((definition) => definition.api.name === api)
  const definition = types.find(({ type }) => type === entry.provider_type)
  if (definition === undefined) {
    const usable = types.filter((each) => refusalOf(each) === undefined).map(({ type }) => type)
    return yield* Effect.fail([
      issue(
        "UnknownType",
        ["provider_type"],
        `unknown type ${entry.provider_type}. ${suggestType(entry.provider_type, usable)}.`
      )
    ])
  }
  const refusal = refusalOf(definition)
  if (refusal !== undefined) {
    const message = `${entry.provider_type} is deprecated and starts no more: ${refusal}`
    return yield* Effect.fail([issue("Deprecated", ["provider_type"], message)])
  }
  const decode = Schema.decodeUnknownEffect(definition.config as Schema.Codec<unknown>, {
    onExcessProperty: "error",
    errors: "all"
  })
  const flags = LevelFlags.take(entry.config)
  const flagIssues = flags.issues.map(({ key, message }) => issue("InvalidConfig", ["config", key], message))
  const read = Effect.suspend(() => {
    const broken = CrossFieldCheck.broken(definition.config, flags.config)
      .map(({ key, message }) => issue("InvalidConfig", ["config", key], message))
    return decode(flags.config).pipe(
      Effect.mapError((error) => [
        ...flagIssues,
        ...decodingIssues(error, { config: entry.config }, ["config"]).map((decoding) => ({
          kind: "InvalidConfig" as const,
          path: `${formatPath(path)}.${decoding.path}`,
          message: decoding.message
        })),
        ...broken
      ]),
      Effect.filterOrFail(() => flagIssues.length + broken.length === 0, () => [...flagIssues, ...broken]),
      Effect.map((config) => ({ config, nested: upstreamOf(definition, config) }))
    )
  })
  const { config, nested } = yield* definition.external
    ? Effect.catchDefect(read, (defect) => {
      const from = entry.module === undefined ? "" : ` of ${entry.module}`
      const message = `the type ${entry.provider_type}${from} has a bug and can't read its configuration: ` +
        `${FailureText.of(defect)}. Ask its author for a version that can.`
      return Effect.fail([issue("InvalidConfig", ["config"], message)])
    })
    : read
  const { provider_id, provider_type, required = false } = entry
  const planned: PlannedProvider = {
    api,
    provider_id,
    provider_type,
    path: formatPath(path),
    required,
    written: entry.config,
    config,
    level: flags.level,
    definition
  }
  if (nested === undefined) {
    const named = Option.getOrUndefined(asUpstream(entry.config["upstream"]))
    if (named === undefined || depth === deepestUpstream) return planned
    const idle = yield* Effect.option(planEntry(registry, api, { provider_id, ...named }, path, depth + 1))
    return { ...planned, idle: Option.getOrUndefined(idle) }
  }
  if (depth === deepestUpstream) {
    const message = `more than ${deepestUpstream} upstreams stand in each other: take some out`
    return yield* Effect.fail([issue("InvalidConfig", ["config", "upstream"], message)])
  }
  const upstream = yield* planEntry(
    registry,
    api,
    { provider_id, ...nested },
    [...path, "config", "upstream"],
    depth + 1
  )
  return { ...planned, upstream }
})

const duplicates = (entries: ReadonlyArray<ProviderEntry>, api: string): ReadonlyArray<StackIssue> =>
  entries.flatMap((entry, index) =>
    entries.findIndex(({ provider_id }) => provider_id === entry.provider_id) === index ? [] : [{
      kind: "DuplicateId" as const,
      path: formatPath(["providers", api, index, "provider_id"]),
      message: `"${entry.provider_id}" names an earlier provider already: give each its own`
    }]
  )

/**
 * Reports everything that is wrong at once. `listed`: the APIs that have a list, be all its entries switched off; `own`:
 * the names of Strata's own APIs.
 */
export const make = Effect.fn("StackPlan.make")(function*<const Registry extends ReadonlyArray<AnyDefinition>>(
  registry: Registry,
  configuration: { readonly providers: ProviderEntries },
  listed: ReadonlyArray<string> = Object.keys(configuration.providers),
  own: ReadonlyArray<string> = []
) {
  const providers: Array<PlannedProvider> = []
  const issues: Array<StackIssue> = []
  const configured = new Set<string>()
  for (const [api, entries] of Object.entries(configuration.providers)) {
    const refused = withoutProviders(registry, api, own)
    issues.push(...refused)
    if (refused.length > 0) continue
    if (entries.length > 0) configured.add(api)
    issues.push(...duplicates(entries, api))
    for (const [index, entry] of entries.entries()) {
      yield* Effect.match(planEntry(registry, api, entry, ["providers", api, index]), {
        onSuccess: (planned) => providers.push(planned),
        onFailure: (refused) => issues.push(...refused)
      })
    }
  }
  issues.push(...missing(providers, configured, registry, listed), ...cycles(providers))
  const [first, ...rest] = issues
  if (first !== undefined) return yield* new StackInvalid({ issues: [first, ...rest] })
  const plan: StackPlan<Registry> = { providers, registry }
  return plan
})
