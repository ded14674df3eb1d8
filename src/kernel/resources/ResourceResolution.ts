/** What an identifier a client sends stands for: exactly that, one provider's name for it, or something not listed. */
import { nearestKey } from "../issues/NearestKey.ts"
import type { Resource } from "./Resource.ts"
import { isCanonical, isListed, isPlain, prefixOf } from "./Resource.ts"
import type { ResourceTable } from "./ResourceTable.ts"

export type Resolution<A> =
  | { readonly _tag: "Found"; readonly resource: Resource<A> }
  /** It is there, and not for who asks. */
  | { readonly _tag: "Hidden"; readonly resource: Resource<A> }
  /** Nobody lists it; the provider it names may serve it all the same. */
  | { readonly _tag: "Unlisted"; readonly provider_id: string; readonly provider_resource_id: string }
  /** Several providers call something so, under these identifiers. */
  | { readonly _tag: "Ambiguous"; readonly identifiers: ReadonlyArray<string> }
  | { readonly _tag: "Unknown" }

export interface Surroundings<A> {
  readonly table: ResourceTable<A>
  /** Which of the table's resources are there for who asks. */
  readonly visible: (resource: Resource<A>) => boolean
  readonly isProvider: (id: string) => boolean
  /** Whether a provider of this id may be asked for what it does not list. */
  readonly open: (provider_id: string) => boolean
}

/** The most candidates for a suggestion: beyond them a search by likeness costs more than it helps. */
const mostCompared = 2000

/** What may have been meant by what was not found, whatever the reason: of what is there for who asks. */
export const nearest = <A>(
  { table, visible }: Pick<Surroundings<A>, "table" | "visible">,
  identifier: string
): ReadonlyArray<string> => {
  const candidates = table.list.filter(visible).slice(0, mostCompared)
  const likely = nearestKey(identifier, candidates.map((each) => each.identifier))
  return likely === undefined ? [] : [likely]
}

/**
 * What stands under exactly that name. What begins with a provider's id is that provider's: a client's registration that
 * says otherwise, made when the provider was not there, does not count.
 */
export const exactly = <A>(
  { isProvider, table }: Pick<Surroundings<A>, "table" | "isProvider">,
  identifier: string
): Resource<A> | undefined => {
  const resource = table.get(identifier)
  if (resource === undefined || !isProvider(resource.provider_id)) return undefined
  return resource.source === "api" && isProvider(prefixOf(identifier)) && !isCanonical(resource) ? undefined : resource
}

/** Where no provider calls anything so: each that one lists by a path that ends so. */
const paths = <A>({ table, visible }: Surroundings<A>, name: string): ReadonlyArray<Resource<A>> =>
  table.endingIn(name).filter((each) => isListed(each) && visible(each))

/** One for each provider that lists it by that name; what clients registered counts where nobody lists it. */
const meanings = <A>(around: Surroundings<A>, name: string): ReadonlyArray<Resource<A>> => {
  const called = around.table.called(name).filter(around.visible)
  if (called.length === 0) return paths(around, name)
  const listed = called.filter(isListed)
  const first = new Map<string, Resource<A>>()
  for (const each of listed.length > 0 ? listed : called) {
    if (!first.has(each.provider_id)) first.set(each.provider_id, each)
  }
  return [...first.values()]
}

/**
 * An exact name goes before all others. One that is hidden is as good as absent, but for what is nobody's: rules say the
 * same of what the provider would be asked for.
 */
export const resolve = <A>(around: Surroundings<A>, identifier: string): Resolution<A> => {
  const { open, visible } = around
  const exact = exactly(around, identifier)
  if (exact !== undefined && visible(exact)) return { _tag: "Found", resource: exact }
  const [first, ...others] = meanings(around, identifier)
  if (first !== undefined && others.length === 0) return { _tag: "Found", resource: first }
  if (first !== undefined) {
    return { _tag: "Ambiguous", identifiers: [first, ...others].map((each) => each.identifier).toSorted() }
  }
  const provider_id = prefixOf(identifier)
  if (provider_id !== "" && isPlain(identifier) && exact?.owner !== null && open(provider_id)) {
    return { _tag: "Unlisted", provider_id, provider_resource_id: identifier.slice(provider_id.length + 1) }
  }
  return exact === undefined ? { _tag: "Unknown" } : { _tag: "Hidden", resource: exact }
}
