/** Everything that can be said of a configuration before anything is started, all at once. */
import { Effect, Record, Result } from "effect"
import { ConfigurationInvalid, type ConfigurationIssue, formatPath } from "../issues/ConfigurationInvalid.ts"
import { suggest } from "../issues/NearestKey.ts"
import type { AnyApiModule } from "../modules/ApiModule.ts"
import * as ModuleImport from "../modules/ModuleImport.ts"
import type { LoadedModule, LoadedModules } from "../modules/ModuleLoading.ts"
import * as ModuleLoading from "../modules/ModuleLoading.ts"
import type { ModuleSet } from "../modules/ModuleSet.ts"
import * as ServedApi from "../modules/ServedApi.ts"
import * as Provider from "../provider/Provider.ts"
import type { AnyDefinition } from "../provider/Provider.ts"
import { needsOf } from "../provider/ProviderDependencies.ts"
import type { SkippedProvider } from "../provider/ProviderEntry.ts"
import { duplicateIds, isSwitchedOff } from "../resources/ResourcesConfiguration.ts"
import * as RoutingConditions from "../resources/RoutingConditions.ts"
import type { StackPlan } from "../stack/StackPlan.ts"
import * as Plan from "../stack/StackPlan.ts"
import type { Configuration } from "./Configuration.ts"
import type { ReadConfiguration } from "./ConfigurationFile.ts"
import type { PartialConfiguration, PlacedEntry } from "./PartialConfiguration.ts"
import { readablePart } from "./PartialConfiguration.ts"
import { withoutSkipped } from "./SkippedProviders.ts"

export interface CheckedConfiguration {
  /** Its providers are the ones to start. */
  readonly configuration: Configuration
  readonly skipped: ReadonlyArray<SkippedProvider>
  readonly modules: ReadonlyArray<LoadedModule>
  /** The provider types there are, with those of modules. */
  readonly types: ReadonlyArray<AnyDefinition>
  readonly external: ReadonlyArray<AnyApiModule>
}

/** The modules a file names, and where. */
const namedModules = ({ entries, modules }: PartialConfiguration): ReadonlyArray<ModuleLoading.NamedModule> => [
  ...modules.map(({ index, name }) => ({ module: name, path: formatPath(["modules", index]) })),
  ...entries.flatMap(({ api, entry: { module }, index }) =>
    module === undefined ? [] : [{ module, path: formatPath(["providers", api, index, "module"]) }]
  )
]

const byApi = (entries: ReadonlyArray<PlacedEntry>, empty: ReadonlyArray<string>): Configuration["providers"] =>
  Object.fromEntries([
    ...empty.map((api) => [api, []] as const),
    ...[...Map.groupBy(entries, ({ api }) => api)].map(([api, placed]) =>
      [api, placed.map(({ entry }) => entry)] as const
    )
  ])

/** The path of an issue counts the entries that are used; the person counts all. */
const asWritten = (entries: ReadonlyArray<PlacedEntry>) => {
  const counts = new Map<string, number>()
  const prefixes = entries.map(({ api, index }) => {
    const used = counts.get(api) ?? 0
    counts.set(api, used + 1)
    return { from: formatPath(["providers", api, used]), to: formatPath(["providers", api, index]) }
  })
  return (path: string): string => {
    const prefix = prefixes.find(({ from }) => path === from || path.startsWith(`${from}.`))
    return prefix === undefined ? path : prefix.to + path.slice(prefix.from.length)
  }
}

/** What needs all entries to be said. */
const ofTheWhole: ReadonlySet<string> = new Set(["MissingApi", "Cycle"])

/** The plan of the entries that can be used, or what is wrong with it. */
const planned = Effect.fnUntraced(function*(
  types: ReadonlyArray<AnyDefinition>,
  { complete, empty, entries, listed }: PartialConfiguration,
  { failed }: LoadedModules,
  own: ReadonlyArray<string>
) {
  const usable = entries.filter(({ entry: { module } }) => module === undefined || !failed.has(module))
  const result = yield* Effect.result(Plan.make(types, { providers: byApi(usable, empty) }, listed, own))
  if (Result.isSuccess(result)) return { plan: result.success, issues: [] }
  const whole = complete && failed.size === 0
  const moved = asWritten(usable)
  const issues = result.failure.issues
    .filter(({ kind }) => whole || !ofTheWhole.has(kind))
    .map(({ message, path }): ConfigurationIssue => ({ path: moved(path), message }))
  return { plan: undefined, issues }
})

const apisIssues = (
  { apis }: PartialConfiguration,
  types: ReadonlyArray<AnyDefinition>,
  external: ReadonlyArray<AnyApiModule>,
  own: ReadonlyArray<string>
): ReadonlyArray<ConfigurationIssue> => {
  const names = [
    ...new Set([...own, ...types.map(({ api }) => api.name), ...external.map(({ name }) => name)])
  ]
  return apis.flatMap(({ index, name }) =>
    names.includes(name)
      ? []
      : [{ path: formatPath(["apis", index]), message: `there is no API ${name}. ${suggest(name, names)}.` }]
  )
}

/** A resource that is left out needs no provider. */
const resourceIssues = ({ inference: ids, models }: PartialConfiguration): ReadonlyArray<ConfigurationIssue> => {
  const place = (path: ReadonlyArray<PropertyKey>) => formatPath(["registered_resources", "models", ...path])
  const unknown = models.flatMap(({ index, model }) =>
    ids === undefined || isSwitchedOff(model) || ids.includes(model.provider_id) ? [] : [{
      path: place([index, "provider_id"]),
      message: `no inference provider in use is called ${model.provider_id}. ${suggest(model.provider_id, ids)}.`
    }]
  )
  const duplicate = duplicateIds(models).map(({ issue, path }) => ({ path: place(path), message: issue }))
  return [...duplicate, ...unknown]
}

/** What is wrong with the conditions of targets. */
const conditionIssues = ({ models }: PartialConfiguration): Effect.Effect<ReadonlyArray<ConfigurationIssue>> =>
  Effect.map(
    Effect.forEach(models, ({ index, model }) =>
      model.routing === undefined || isSwitchedOff(model)
        ? Effect.succeed([])
        : Effect.map(RoutingConditions.issues(model.routing), (issues) =>
          issues.map(({ message, path }) => ({
            path: formatPath(["registered_resources", "models", index, "routing", ...path]),
            message
          })))),
    (issues) => issues.flat()
  )

/** The APIs whose providers start: those served, and what they need. */
const started = (
  plan: StackPlan<ReadonlyArray<AnyDefinition>>,
  served: ReadonlySet<string>,
  set: ServedApi.All
): ReadonlySet<string> => {
  const names = new Set([...served].map((name) => ServedApi.providedBy(set, name)))
  for (let size = -1; size !== names.size;) {
    size = names.size
    for (const { api } of plan.providers.filter(({ api }) => names.has(api)).flatMap(needsOf)) names.add(api)
  }
  return names
}

/** An API of a module that is not loaded, because all its providers are left out, is not there. */
const withoutUnknown = (checked: CheckedConfiguration): CheckedConfiguration => {
  const { configuration, types } = checked
  const provided = new Set(types.map(({ api }) => api.name))
  const providers = Record.filter(configuration.providers, (_, api) => provided.has(api))
  return { ...checked, configuration: { ...configuration, providers } }
}

/** Takes out the providers of APIs that are not served. */
const withoutUnserved = (
  checked: CheckedConfiguration,
  plan: StackPlan<ReadonlyArray<AnyDefinition>>,
  set: ServedApi.All
): CheckedConfiguration => {
  const { configuration, skipped } = checked
  if (configuration.apis === undefined) return checked
  const names = started(plan, ServedApi.withCompanions(set, configuration.apis), set)
  const unserved = Object.entries(configuration.providers).filter(([api]) => !names.has(api))
  return {
    ...checked,
    configuration: {
      ...configuration,
      providers: Record.filter(configuration.providers, (_, api) => names.has(api))
    },
    skipped: [
      ...skipped,
      ...unserved.flatMap(([api, entries]) =>
        entries.map(({ provider_id, provider_type }) => ({
          api,
          provider_type,
          reason: `${provider_id}: the API ${api} is not served: add it to apis to use this provider`
        }))
      )
    ]
  }
}

/** `registry`: the provider types Strata brings; `set`: its APIs. Loads the modules that are named; starts nothing. */
export const check = Effect.fn("ConfigurationCheck.check")(function*(
  read: ReadConfiguration,
  registry: ReadonlyArray<AnyDefinition>,
  set: ModuleSet
): Effect.fn.Return<CheckedConfiguration, ConfigurationInvalid> {
  const partial = readablePart(read.tree)
  const loaded = yield* ModuleLoading.load(namedModules(partial), ModuleImport.folderOf(read.file), registry, set)
  const own = set.own.map(({ name }) => name)
  const types = [...registry, ...ModuleLoading.providersOf(loaded.modules).map(Provider.external)]
  const external = ModuleLoading.apisOf(loaded.modules)
  const { issues: ofPlan, plan } = yield* planned(types, partial, loaded, own)
  const whole = read.configuration === undefined ? undefined : withoutSkipped(read.configuration, read.written)
  const reported = new Set(read.issues.map(({ path }) => path))
  const issues = [
    ...read.issues,
    ...[
      ...loaded.issues,
      ...ofPlan,
      ...loaded.failed.size > 0 ? [] : apisIssues(partial, types, external, own),
      ...resourceIssues(partial),
      ...yield* conditionIssues(partial)
    ].filter(({ path }) => !reported.has(path))
  ]
  if (whole === undefined || plan === undefined || issues.length > 0) {
    return yield* new ConfigurationInvalid({ file: read.file, issues })
  }
  const checked = withoutUnknown({ ...whole, modules: loaded.modules, types, external })
  return withoutUnserved(checked, plan, { own: set.own, external })
})
