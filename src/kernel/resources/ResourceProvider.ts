/** What a provider instance has to do with the resources registered with it. */
import type { Effect } from "effect"
import type { ListedResource, Resource } from "./Resource.ts"

interface Refusal {
  readonly message: string
}

export interface ResourceProvider<Attributes> {
  /** What it serves by itself. Absent: only what is registered with it. */
  readonly list?: Effect.Effect<ReadonlyArray<ListedResource<Attributes>>, Refusal> | undefined
  /** `configuration`: the list is fixed; `discovery`: it is asked for it. */
  readonly source: "configuration" | "discovery"
  /** Whether it may be asked for what it does not list. Absent: where its list is not fixed. */
  readonly unlisted?: boolean | undefined
  /**
   * Asked before a resource is registered with it; gives the attributes to register, and refuses by its failure. It may
   * be asked more than once for the same resource.
   */
  readonly register?: ((resource: Resource<Attributes>) => Effect.Effect<Attributes, Refusal>) | undefined
  /** Told before a resource is unregistered; its failure keeps the resource. */
  readonly unregister?: ((resource: Resource<Attributes>) => Effect.Effect<void, Refusal>) | undefined
  /** Says whether it works, where its list does not tell: the one that stands in a configuration. */
  readonly health?: Effect.Effect<void, Refusal> | undefined
}

export const servesUnlisted = (
  { source, unlisted }: Pick<ResourceProvider<never>, "source" | "unlisted">
): boolean => unlisted ?? source === "discovery"

/** How a kind of resource is read off the service of its provider. */
export type ResourcesOf<Shape, Attributes> = (service: Shape) => ResourceProvider<Attributes>
