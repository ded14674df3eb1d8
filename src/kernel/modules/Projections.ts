/** Every table that is kept with the log. */
import type { AnyProjection } from "../../events/projections/Projection.ts"
import { ProviderProjection } from "../provider/ProviderProjection.ts"
import { SessionProjection } from "../sessions/SessionProjection.ts"
import { ownKinds } from "./ResourceKinds.ts"

export const projections: ReadonlyArray<AnyProjection> = [
  ...ownKinds.map(({ projection }) => projection),
  ProviderProjection,
  SessionProjection
]
