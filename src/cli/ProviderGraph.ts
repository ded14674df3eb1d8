/** The graph of providers: who needs whom and, of those that started, when each began and how long it took. */
import type { ListedProvider } from "./ProviderSource.ts"

/** Who is needed stands before who needs it; else in the given order. */
const inOrder = (providers: ReadonlyArray<ListedProvider>): ReadonlyArray<ListedProvider> => {
  const depths = new Map<string, number>()
  const depthOf = (api: string): number => {
    const computed = depths.get(api)
    if (computed !== undefined) return computed
    // A circle does not start; a server that shows one all the same is not followed around it.
    depths.set(api, 0)
    const instances = providers.filter((each) => each.api === api)
    const depth = Math.max(0, ...instances.map(ownDepth))
    depths.set(api, depth)
    return depth
  }
  const ownDepth = ({ dependencies }: ListedProvider): number =>
    Math.max(0, ...dependencies.map(({ api, provider_ids }) => provider_ids.length === 0 ? 0 : depthOf(api) + 1))
  return providers.map((each) => ({ each, depth: ownDepth(each) })).toSorted((one, other) => one.depth - other.depth)
    .map(({ each }) => each)
}

const milliseconds = (number: number): string => `${Math.round(number * 10) / 10} ms`

const firstStart = (providers: ReadonlyArray<ListedProvider>): number =>
  Math.min(...providers.flatMap(({ started }) => started === null ? [] : [started.time]))

const startOf = (started: NonNullable<ListedProvider["started"]>, first: number): string =>
  `+${milliseconds(started.time - first)}, took ${milliseconds(started.duration_ms)}`

const nameOf = ({ api, provider_id }: Pick<ListedProvider, "api" | "provider_id">) => `${api}/${provider_id}`

/** For a terminal. */
export const text = (providers: ReadonlyArray<ListedProvider>): string => {
  if (providers.length === 0) return "No provider is configured."
  const first = firstStart(providers)
  const line = (title: string, content: string) => `  ${title.padEnd(10)} ${content}`
  const entries = inOrder(providers).map((provider) => {
    const { api, dependencies, deprecation, health, provider_type, started, upstreams } = provider
    const needs = dependencies.map(({ api, optional, provider_ids }) => {
      const who = provider_ids.length === 0 ? "nobody provides it" : provider_ids.join(", ")
      return `${api} (${optional ? "optional: " : ""}${who})`
    })
    const neededBy = providers.filter((other) => other.dependencies.some((each) => each.api === api)).map(nameOf)
    return [
      `${nameOf(provider)}  ${[provider_type, ...upstreams.map(({ provider_type }) => provider_type)].join(" -> ")}`,
      line("needs", needs.length === 0 ? "nothing" : needs.join(", ")),
      line("needed by", neededBy.length === 0 ? "nobody" : neededBy.join(", ")),
      ...started === null ? [] : [line("started", startOf(started, first))],
      ...health === undefined || health.message === null ? [] : [line(health.status, health.message)],
      ...deprecation === null ? [] : [line("deprecated", deprecation)]
    ].join("\n")
  })
  return entries.join("\n\n")
}

/** A label may hold anything. */
const quoted = (lines: ReadonlyArray<string>): string =>
  `"${lines.map((line) => line.replaceAll("#", "#35;").replaceAll("\"", "#quot;")).join("<br/>")}"`

/** A Mermaid flow chart: an API is a box around its instances, and who needs it needs the whole box. */
export const mermaid = (providers: ReadonlyArray<ListedProvider>): string => {
  const first = firstStart(providers)
  const apis = [...new Set(inOrder(providers).map(({ api }) => api))]
  const nodeOf = (provider: ListedProvider) => `provider${providers.indexOf(provider)}`
  const boxes = apis.flatMap((api, index) => [
    `  subgraph api${index}[${quoted([api])}]`,
    ...providers.filter((each) => each.api === api).map((each) => {
      const started = each.started === null ? [] : [startOf(each.started, first)]
      return `    ${nodeOf(each)}[${quoted([each.provider_id, each.provider_type, ...started])}]`
    }),
    "  end"
  ])
  const arrows = providers.flatMap((provider) =>
    provider.dependencies.filter(({ provider_ids }) => provider_ids.length > 0).map(({ api, optional }) =>
      `  ${nodeOf(provider)} ${optional ? "-. optional .->" : "-->"} api${apis.indexOf(api)}`
    )
  )
  return ["flowchart LR", ...boxes, ...arrows].join("\n")
}
