/** Every kind of resource that has a registry in this Strata: its place in a session's context follows. */
import { Context } from "effect"
import type { AnyResourceKind } from "./ResourceKind.ts"

export interface ResourceKinds {
  readonly all: ReadonlyArray<AnyResourceKind>
  /** True where the kind's table is kept with the log. */
  readonly isKept: (kind: AnyResourceKind) => boolean
}

export const CurrentResourceKinds = Context.Reference<ResourceKinds>(
  "strata/kernel/resources/ResourceKinds/CurrentResourceKinds",
  {
    defaultValue: () => ({ all: [], isKept: () => false })
  }
)
