/** What a registry is served from: its kind, its table, and the providers behind it. */
import type { Principal } from "../../events/types/Principal.ts"
import type { AccessResource } from "../access/AccessResource.ts"
import type { Instance } from "../provider/Instance.ts"
import type { Resource } from "./Resource.ts"
import { isListed, prefixed } from "./Resource.ts"
import type { ResourceKind } from "./ResourceKind.ts"
import type { ResourcesOf } from "./ResourceProvider.ts"
import type { ResourceRegistry } from "./ResourceRegistry.ts"
import type { ResourceTable } from "./ResourceTable.ts"

export interface ResourceOptions<Shape, A> {
  readonly kind: ResourceKind<A>
  readonly registry: ResourceRegistry<A>
  readonly instances: ReadonlyArray<Instance<Shape>>
  readonly resourcesOf: ResourcesOf<Shape, A>
  /** Whether `provider/x` is asked for where nobody lists it and the provider's list is not fixed; default no. */
  readonly unlisted?: boolean
}

/** A resource as rules see it. */
export const accessTo = (
  { type }: Pick<ResourceKind<never>, "type">,
  id: string,
  owner: Principal | null
): AccessResource => ({ type, id, owner })

export const accessOf = (
  kind: Pick<ResourceKind<never>, "type">,
  { identifier, owner }: Resource<unknown>
): AccessResource => accessTo(kind, identifier, owner)

/** Whether its provider lists what a resource stands for. */
export const standsForListed = <A>(
  table: ResourceTable<A>,
  { provider_id, provider_resource_id }: Resource<A>
): boolean => {
  const there = table.get(prefixed(provider_id, provider_resource_id))
  return there !== undefined && isListed(there)
}

/**
 * What a client's name stands for, as rules see it: nobody's, whoever named it. Undefined where only the name itself is
 * asked for, as with what its provider does not list.
 */
export const targetOf = <A>(
  { kind, unlisted = false }: Pick<ResourceOptions<never, A>, "kind" | "unlisted">,
  table: ResourceTable<A>,
  resource: Resource<A>
): AccessResource | undefined =>
  unlisted || standsForListed(table, resource)
    ? accessTo(kind, prefixed(resource.provider_id, resource.provider_resource_id), null)
    : undefined

/** What must be readable for a resource to be there: what a client named by it too, so that no name outlives a rule. */
export const subjectsOf = <A>(
  options: Pick<ResourceOptions<never, A>, "kind" | "unlisted">,
  table: ResourceTable<A>,
  resource: Resource<A>
): ReadonlyArray<AccessResource> => {
  const own = accessOf(options.kind, resource)
  const target = resource.source === "api" ? targetOf(options, table, resource) : undefined
  return target === undefined ? [own] : [own, target]
}
