/** Every kind of resource that has a registry: its events and its place in a session's context follow. */
import { Effect } from "effect"
import { ExternalApis } from "./external/ExternalApi.ts"
import { ModelKind } from "./models/ModelKind.ts"
import type { AnyResourceKind } from "./resources/ResourceKind.ts"

/** Strata's own: their tables are kept with the log. */
export const ownKinds: ReadonlyArray<AnyResourceKind> = [ModelKind]

/** With those of APIs from outside. */
export const allKinds = Effect.map(ExternalApis, (external) => [
  ...ownKinds,
  ...external.flatMap(({ resources }) => resources)
])
