/** Checks a configuration against the registry of provider types, before anything is started. */
import { Effect, Graph, Option, Schema } from "effect"
import type { Level } from "../events/Event.ts"
import type { Configuration, ProviderEntry } from "./config/Configuration.ts"
import { formatPath } from "./config/ConfigurationInvalid.ts"
import { decodingIssues } from "./config/DecodingIssues.ts"
import { nearestKey } from "./config/NearestKey.ts"
import * as LevelFlags from "./LevelFlags.ts"
import type { AnyDefinition } from "./Provider.ts"
import type { StackIssue } from "./StackErrors.ts"
import { StackInvalid } from "./StackErrors.ts"

/** An instance to be made, its configuration decoded. */
export interface PlannedProvider {
  readonly api: string
  readonly provider_id: string
  readonly provider_type: string
  /** As configured; secrets may stand in it. */
  readonly written: Schema.Json
  readonly config: unknown
  /** How much of its calls is recorded, where its flags say so. */
  readonly level?: Level | undefined
  readonly definition: AnyDefinition
  /** The provider it has of its own, from the key `upstream` of its configuration. */
  readonly upstream?: PlannedProvider | undefined
}

/** How many upstreams may stand in each other. */
const deepestUpstream = 4

/** An instance, its upstream, the upstream of that … */
export const chainOf = (planned: PlannedProvider): ReadonlyArray<PlannedProvider> =>
  planned.upstream === undefined ? [planned] : [planned, ...chainOf(planned.upstream)]

/** `Registry` keeps the definitions' types for the stack that is built from the plan. */
export interface StackPlan<Registry extends ReadonlyArray<AnyDefinition>> {
  readonly providers: ReadonlyArray<PlannedProvider>
  readonly "~Registry"?: Registry
}

const unique = (values: ReadonlyArray<string>) => [...new Set(values)].sort()

const suggest = (wanted: string, known: ReadonlyArray<string>): string => {
  const nearest = nearestKey(wanted, known)
  return `${nearest === undefined ? "" : `Did you mean ${nearest}? `}There is: ${known.join(", ")}.`
}

const unknownApi = (registry: ReadonlyArray<AnyDefinition>, api: string): ReadonlyArray<StackIssue> => {
  const known = unique(registry.map((definition) => definition.api.name))
  return known.includes(api) ? [] : [{
    kind: "UnknownApi",
    path: formatPath(["providers", api]),
    message: `no provider type implements the API ${api}. ${suggest(api, known)}`
  }]
}

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
    const known = types.map(({ type }) => type)
    return yield* Effect.fail([
      issue(
        "UnknownType",
        ["provider_type"],
        `unknown type ${entry.provider_type}. ${suggest(entry.provider_type, known)}`
      )
    ])
  }
  const decode = Schema.decodeUnknownEffect(definition.config as Schema.Codec<unknown>, {
    onExcessProperty: "error",
    errors: "all"
  })
  const flags = LevelFlags.take(entry.config)
  const flagIssues = flags.issues.map(({ key, message }) => issue("InvalidConfig", ["config", key], message))
  const config = yield* Effect.mapError(
    decode(flags.config),
    (error) => [
      ...flagIssues,
      ...decodingIssues(error, { config: entry.config }, ["config"]).map((found) => ({
        kind: "InvalidConfig" as const,
        path: `${formatPath(path)}.${found.path}`,
        message: found.message
      }))
    ]
  )
  if (flagIssues.length > 0) return yield* Effect.fail(flagIssues)
  const { provider_id, provider_type } = entry
  const planned = { api, provider_id, provider_type, written: entry.config, config, level: flags.level, definition }
  const nested = definition.upstream?.(config as never)
  if (nested === undefined) return planned
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

/** `configured` are the APIs with a provider, be it one that can't be planned. */
const missing = (
  providers: ReadonlyArray<PlannedProvider>,
  configured: ReadonlySet<string>
): ReadonlyArray<StackIssue> =>
  providers.flatMap(chainOf).flatMap(({ api, definition, provider_id, provider_type }) =>
    definition.requires.filter(({ name }) => !configured.has(name)).map(({ name }) => ({
      kind: "MissingApi" as const,
      path: `providers.${api}`,
      message: `"${provider_id}" (${provider_type}) needs the API ${name}: add a provider under providers.${name}`
    }))
  )

/** The shortest account of a cycle: `inference -> safety -> inference`. */
const cycles = (providers: ReadonlyArray<PlannedProvider>): ReadonlyArray<StackIssue> => {
  const nodes = new Map<string, Graph.NodeIndex>()
  const graph = Graph.directed<string, null>((mutable) => {
    for (const { api } of providers) if (!nodes.has(api)) nodes.set(api, Graph.addNode(mutable, api))
    for (const { api, definition } of providers.flatMap(chainOf)) {
      for (const { name } of definition.requires) {
        const [from, to] = [nodes.get(api), nodes.get(name)]
        if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, null)
      }
    }
  })
  const cycle = Graph.findCycle(graph)
  if (Option.isNone(cycle)) return []
  const path = cycle.value.path.map((node) => Option.getOrElse(Graph.getNode(graph, node), () => "?")).join(" -> ")
  return [{
    kind: "Cycle",
    path: "providers",
    message: `these APIs need each other: ${path}. Remove one of the providers`
  }]
}

/** Reports everything that is wrong at once. */
export const make = Effect.fn("StackPlan.make")(function*<const Registry extends ReadonlyArray<AnyDefinition>>(
  registry: Registry,
  configuration: Pick<Configuration, "providers">
) {
  const providers: Array<PlannedProvider> = []
  const issues: Array<StackIssue> = []
  const configured = new Set<string>()
  for (const [api, entries] of Object.entries(configuration.providers)) {
    const unknown = unknownApi(registry, api)
    issues.push(...unknown)
    if (unknown.length > 0) continue
    if (entries.length > 0) configured.add(api)
    issues.push(...duplicates(entries, api))
    for (const [index, entry] of entries.entries()) {
      yield* Effect.match(planEntry(registry, api, entry, ["providers", api, index]), {
        onSuccess: (planned) => providers.push(planned),
        onFailure: (found) => issues.push(...found)
      })
    }
  }
  issues.push(...missing(providers, configured), ...cycles(providers))
  const [first, ...rest] = issues
  if (first !== undefined) return yield* new StackInvalid({ issues: [first, ...rest] })
  return { providers } as StackPlan<Registry>
})
