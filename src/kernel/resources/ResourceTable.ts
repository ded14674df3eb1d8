/** The routing table of a registry: the fold of its events. */
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { canonical } from "../../events/types/JsonDifference.ts"
import type { Resource } from "./Resource.ts"
import { isListed } from "./Resource.ts"
import type { ResourceKind } from "./ResourceKind.ts"

type Entries<A> = ReadonlyMap<string, Resource<A>>

/** Immutable. */
export class ResourceTable<A> {
  readonly entries: Entries<A>
  #byProviderId: ReadonlyMap<string, ReadonlyArray<Resource<A>>> | undefined
  #byLastPart: ReadonlyMap<string, ReadonlyArray<Resource<A>>> | undefined

  constructor(entries: Entries<A>) {
    this.entries = entries
  }

  get(identifier: string): Resource<A> | undefined {
    return this.entries.get(identifier)
  }

  /** In order of the identifiers. */
  get list(): ReadonlyArray<Resource<A>> {
    return [...this.entries.values()].sort((one, other) => one.identifier < other.identifier ? -1 : 1)
  }

  /** Those their providers call so. */
  called(provider_resource_id: string): ReadonlyArray<Resource<A>> {
    this.#byProviderId ??= Map.groupBy(this.entries.values(), (each) => each.provider_resource_id)
    return this.#byProviderId.get(provider_resource_id) ?? []
  }

  /** Those whose providers call them so behind a `/`: as another server does, which names who serves it first. */
  endingIn(name: string): ReadonlyArray<Resource<A>> {
    this.#byLastPart ??= Map.groupBy(
      this.entries.values().filter((each) => each.provider_resource_id.includes("/")),
      (each) => each.provider_resource_id.slice(each.provider_resource_id.lastIndexOf("/") + 1)
    )
    return this.#byLastPart.get(name) ?? []
  }
}

export const empty = new ResourceTable<never>(new Map())

export const of = <A>(resources: Iterable<Resource<A>>): ResourceTable<A> =>
  new ResourceTable(new Map(Array.from(resources, (each) => [each.identifier, each])))

/** The table after these events. */
export const evolve = <A>(
  kind: ResourceKind<A>,
  table: ResourceTable<A>,
  events: ReadonlyArray<RecordedEvent>
): ResourceTable<A> => {
  if (events.length === 0) return table
  const entries = new Map(table.entries)
  for (const event of events) {
    const resource = kind.registrationOf(event)
    if (resource !== undefined) entries.set(resource.identifier, resource)
    else if (event.type === kind.unregistered.type) entries.delete(kind.keyOf(event))
  }
  return new ResourceTable(entries)
}

export interface Changes<A> {
  readonly registered: ReadonlyArray<Resource<A>>
  /** Their identifiers. */
  readonly unregistered: ReadonlyArray<string>
}

export const nothing: Changes<never> = { registered: [], unregistered: [] }

export const isNothing = ({ registered, unregistered }: Changes<never>): boolean =>
  registered.length + unregistered.length === 0

/** Most are equal to the letter: that is seen at once. */
export const equal = <A>(one: Resource<A>, other: Resource<A>): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other) || canonical({ ...one }) === canonical({ ...other })

/** What must happen so that those of the table that are `concerned` are exactly `wanted`. */
const difference = <A>(
  table: ResourceTable<A>,
  wanted: ReadonlyArray<Resource<A>>,
  concerned: (resource: Resource<A>) => boolean
): Changes<A> => {
  const byId = new Map(wanted.map((each) => [each.identifier, each]))
  return {
    registered: [...byId.values()].filter((each) => {
      const current = table.get(each.identifier)
      return current === undefined || !equal(current, each)
    }),
    unregistered: [...table.entries.values()].filter((each) => concerned(each) && !byId.has(each.identifier))
      .map(({ identifier }) => identifier)
  }
}

/**
 * So that a provider serves exactly what it lists. What a client registered under one of these names is the same thing,
 * and everybody's from now on; what the configuration registered goes before.
 */
export const listed = <A>(
  table: ResourceTable<A>,
  provider_id: string,
  resources: ReadonlyArray<Resource<A>>
): Changes<A> => {
  const free = resources.filter(({ identifier }) => {
    const current = table.get(identifier)
    return current === undefined || current.source === "api" ||
      (isListed(current) && current.provider_id === provider_id)
  })
  return difference(table, free, (each) => each.provider_id === provider_id && isListed(each))
}

/** So that the configuration's own are exactly these, whoever had their names before. */
export const configured = <A>(table: ResourceTable<A>, resources: ReadonlyArray<Resource<A>>): Changes<A> =>
  difference(table, resources, ({ source }) => source === "registered_resources")

/** So that nothing is listed of providers that are not there. What clients registered waits for theirs to come back. */
export const orphaned = <A>(table: ResourceTable<A>, provider_ids: ReadonlySet<string>): Changes<A> => ({
  registered: [],
  unregistered: [...table.entries.values()].filter((each) => isListed(each) && !provider_ids.has(each.provider_id))
    .map(({ identifier }) => identifier)
})
