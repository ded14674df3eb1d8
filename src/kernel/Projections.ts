/** Every table that is kept with the log. */
import type { AnyProjection } from "../events/Projection.ts"
import { ProviderProjection } from "./ProviderProjection.ts"
import { ownKinds } from "./ResourceKinds.ts"
import { SessionProjection } from "./sessions/SessionProjection.ts"

export const projections: ReadonlyArray<AnyProjection> = [
  ...ownKinds.map(({ projection }) => projection),
  ProviderProjection,
  SessionProjection
]
