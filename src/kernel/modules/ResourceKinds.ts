/** Every kind of resource that has a registry: its events and its place in a session's context follow. */
import { Effect } from "effect"
import { ModelsKind } from "../../apis/models/ModelsKind.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import { ExternalApis } from "./ExternalApi.ts"

/** Strata's own: their tables are kept with the log. */
export const ownKinds: ReadonlyArray<AnyResourceKind> = [ModelsKind]

/** With those of APIs from outside. */
export const allKinds = Effect.map(ExternalApis, (external) => [
  ...ownKinds,
  ...external.flatMap(({ resources }) => resources)
])
