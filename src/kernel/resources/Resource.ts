/** A resource of any kind: a name clients ask for, and which provider stands behind it. */
import type { Principal } from "../../events/types/Principal.ts"
import type { ResourceSource } from "./ResourceEvents.ts"

export interface Resource<Attributes> {
  /** What clients ask for. */
  readonly identifier: string
  readonly provider_id: string
  /** What its provider calls it. */
  readonly provider_resource_id: string
  readonly source: ResourceSource
  /** Null: nobody's, as what the configuration or a provider brings. */
  readonly owner: Principal | null
  /** What its kind has beyond that. JSON. */
  readonly attributes: Attributes
}

/** What a provider lists. */
export type ListedResource<Attributes> = Pick<Resource<Attributes>, "provider_resource_id" | "attributes">

/** The identifier of what a provider lists. */
export const prefixed = (provider_id: string, provider_resource_id: string): string =>
  `${provider_id}/${provider_resource_id}`

/** True where its provider lists it, so that it comes and goes with that list. */
export const isListed = ({ source }: Pick<Resource<unknown>, "source">): boolean =>
  source === "configuration" || source === "discovery"

/** The id a name begins with, as `provider/x` does; empty: none. */
export const prefixOf = (identifier: string): string => identifier.slice(0, Math.max(identifier.indexOf("/"), 0))

/** True for `provider/x` that stands for what the provider calls x. */
export const isCanonical = (
  { identifier, provider_id, provider_resource_id }: Pick<
    Resource<unknown>,
    "identifier" | "provider_id" | "provider_resource_id"
  >
): boolean => identifier === prefixed(provider_id, provider_resource_id)

/** No control characters, no halves of characters: what every store and every path can hold. */
const storable = /^[^\p{Cc}\p{Cs}]{1,512}$/u

export const isStorable = (text: string): boolean => storable.test(text)

const plain = /^[^\s\p{C}/]+(?:\/[^\s\p{C}/]+)*$/u

/** No spelling that a lenient vendor takes for another name, past the rules about that. */
export const isPlain = (text: string): boolean => plain.test(text)
