/**
 * Finds the providers that need each other in a circle.
 *
 * Who needs an API needs its router, and the router needs all instances of the API: so a circle of instances goes
 * through routers, and there is one exactly where the APIs of configured instances need each other in a circle.
 */
import { Graph } from "effect"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import { needsOf } from "../provider/ProviderDependencies.ts"
import type { StackIssue } from "./StackErrors.ts"

/** That an instance needs an API. */
interface Edge {
  readonly from: PlannedProvider
  readonly to: string
  readonly optional: boolean
}

/** One edge for each pair of APIs, by where it begins: a required one where there is one. */
const edgesOf = (providers: ReadonlyArray<PlannedProvider>): ReadonlyMap<string, ReadonlyArray<Edge>> => {
  const configured = new Set(providers.map(({ api }) => api))
  const edges = new Map(Array.from(configured, (api) => [api, new Map<string, Edge>()]))
  for (const from of providers) {
    for (const { api: to, optional } of needsOf(from)) {
      const existing = edges.get(from.api)?.get(to)
      if (configured.has(to) && (existing === undefined || (existing.optional && !optional))) {
        edges.get(from.api)?.set(to, { from, to, optional })
      }
    }
  }
  return new Map(Array.from(edges, ([api, each]) => [api, [...each.values()]]))
}

/** The shortest way from an API back to it, over these APIs. */
const shortestCycle = (
  start: string,
  edges: ReadonlyMap<string, ReadonlyArray<Edge>>,
  within: ReadonlySet<string>
): ReadonlyArray<Edge> | undefined => {
  const waysTo = new Map<string, ReadonlyArray<Edge>>([[start, []]])
  for (const [api, way] of waysTo) {
    for (const edge of edges.get(api) ?? []) {
      if (edge.to === start) return [...way, edge]
      if (within.has(edge.to) && !waysTo.has(edge.to)) waysTo.set(edge.to, [...way, edge])
    }
  }
  return undefined
}

const nameOf = ({ api, provider_id }: PlannedProvider) => `${api}/${provider_id}`

const issueOf = (cycle: ReadonlyArray<Edge>): StackIssue => {
  const names = cycle.map(({ from }) => nameOf(from))
  const steps = cycle.map(({ optional }, index) =>
    `${optional ? " -> (optional) " : " -> "}${names[(index + 1) % names.length]}`
  )
  const soft = cycle.findIndex(({ optional }) => optional)
  const remedy = soft === -1
    ? "Remove one of them, or use a provider type that does not need the next"
    : `${names[soft]} can do without ${cycle[soft]?.to}: removing ${names[(soft + 1) % names.length]} breaks the circle`
  return {
    kind: "Cycle",
    path: "providers",
    message: `these providers need each other: ${names[0]}${steps.join("")}. ${remedy}`
  }
}

/** One issue for each group of APIs that need each other: its shortest circle, the whole path. */
export const cycles = (providers: ReadonlyArray<PlannedProvider>): ReadonlyArray<StackIssue> => {
  const edges = edgesOf(providers)
  const apis = [...edges.keys()]
  const graph = Graph.directed<string, null>((mutable) => {
    const nodes = new Map(apis.map((api) => [api, Graph.addNode(mutable, api)]))
    for (const [api, each] of edges) {
      for (const { to } of each) Graph.addEdge(mutable, nodes.get(api)!, nodes.get(to)!, null)
    }
  })
  const groups = Graph.stronglyConnectedComponents(graph)
    .map((nodes) => nodes.toSorted((one, other) => one - other))
    .toSorted((one, other) => one[0]! - other[0]!)
  return groups.flatMap((nodes) => {
    const group = nodes.map((node) => apis[node]!)
    const within = new Set(group)
    const shortestOfEach = group.flatMap((api) => {
      const cycle = shortestCycle(api, edges, within)
      return cycle === undefined ? [] : [cycle]
    })
    const [shortest] = shortestOfEach.toSorted((one, other) => one.length - other.length)
    return shortest === undefined ? [] : [issueOf(shortest)]
  })
}
