/** What an identifier a client sends stands for: exactly that, one provider's name for it, or something not listed. */
import { nearestKey } from "../config/NearestKey.ts"
import type { Resource } from "./Resource.ts"
import { isListed } from "./Resource.ts"
import type { ResourceTable } from "./ResourceTable.ts"

export type Resolution<A> =
  | { readonly _tag: "Found"; readonly resource: Resource<A> }
  /** It is there, and not for who asks. */
  | { readonly _tag: "Hidden"; readonly resource: Resource<A>; readonly suggestions: ReadonlyArray<string> }
  /** Nobody lists it; the provider it names may serve it all the same. */
  | { readonly _tag: "Unlisted"; readonly provider_id: string; readonly provider_resource_id: string }
  /** Several providers call something so, under these identifiers. */
  | { readonly _tag: "Ambiguous"; readonly identifiers: ReadonlyArray<string> }
  | { readonly _tag: "Unknown"; readonly suggestions: ReadonlyArray<string> }

export interface Surroundings<A> {
  readonly table: ResourceTable<A>
  /** Which of the table's resources are there for who asks. */
  readonly visible: (resource: Resource<A>) => boolean
  /** Whether a provider of this id may be asked for what it does not list. */
  readonly open: (provider_id: string) => boolean
}

const identifiers = (resources: ReadonlyArray<Resource<unknown>>) => resources.map(({ identifier }) => identifier)

/** The most candidates for a suggestion: beyond them a search by likeness costs more than it helps. */
const mostCompared = 2000

const nearest = <A>({ table, visible }: Surroundings<A>, identifier: string): ReadonlyArray<string> => {
  const seen = table.list.filter(visible).slice(0, mostCompared)
  const found = nearestKey(identifier, identifiers(seen))
  return found === undefined ? [] : [found]
}

/** An exact name goes before all others, also where it is hidden: then nothing else is meant. */
export const resolve = <A>(around: Surroundings<A>, identifier: string): Resolution<A> => {
  const { open, table, visible } = around
  const exact = table.get(identifier)
  if (exact !== undefined) {
    return visible(exact)
      ? { _tag: "Found", resource: exact }
      : { _tag: "Hidden", resource: exact, suggestions: nearest(around, identifier) }
  }
  // An alias of the same thing is no second meaning; what the provider lists stands for both.
  const meant = new Map<string, Resource<A>>()
  for (const each of table.called(identifier).filter(visible)) {
    if (!meant.has(each.provider_id) || isListed(each)) meant.set(each.provider_id, each)
  }
  const [first] = meant.values()
  if (first !== undefined && meant.size === 1) return { _tag: "Found", resource: first }
  if (meant.size > 1) return { _tag: "Ambiguous", identifiers: identifiers([...meant.values()]).toSorted() }
  const slash = identifier.indexOf("/")
  const provider_id = identifier.slice(0, Math.max(slash, 0))
  const provider_resource_id = identifier.slice(slash + 1)
  return slash > 0 && provider_resource_id !== "" && open(provider_id)
    ? { _tag: "Unlisted", provider_id, provider_resource_id }
    : { _tag: "Unknown", suggestions: nearest(around, identifier) }
}
