/** Which APIs the instances of a plan need, and who provides these. */
import type { PlannedProvider } from "./PlannedProvider.ts"
import { chainOf } from "./PlannedProvider.ts"

export interface Need {
  readonly api: string
  /** It works without, too. */
  readonly optional: boolean
}

/** What an instance needs, its upstreams included: each API once, as required if it is that for one of them. */
export const needsOf = (planned: PlannedProvider): ReadonlyArray<Need> => {
  const needs = new Map<string, boolean>()
  for (const { definition } of chainOf(planned)) {
    for (const { name } of definition.requires) needs.set(name, false)
    for (const { name } of definition.optional) if (!needs.has(name)) needs.set(name, true)
  }
  return Array.from(needs, ([api, optional]) => ({ api, optional }))
}

export interface Dependency extends Need {
  /** Who provides the API; nobody, where it is optional and not configured. */
  readonly provider_ids: ReadonlyArray<string>
}

/** An instance that needs an API needs all who provide it: the API's service is the router over them. */
export const dependenciesOf = (
  planned: PlannedProvider,
  all: ReadonlyArray<PlannedProvider>
): ReadonlyArray<Dependency> =>
  needsOf(planned).map((need) => ({
    ...need,
    provider_ids: all.filter(({ api }) => api === need.api).map(({ provider_id }) => provider_id)
  }))
