/** What a registry is served from: its kind, its table, and the providers behind it. */
import type { Principal } from "../../events/Principal.ts"
import type { AccessResource } from "../access/AccessResource.ts"
import type { Instance } from "../Instance.ts"
import type { Resource } from "./Resource.ts"
import type { ResourceKind } from "./ResourceKind.ts"
import type { ResourcesOf } from "./ResourceProvider.ts"
import type { ResourceRegistry } from "./ResourceRegistry.ts"

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
