/** Every table that is kept with the log. */
import type { AnyProjection } from "../events/Projection.ts"
import { ModelProjection } from "./models/ModelProjection.ts"
import { ProviderProjection } from "./ProviderProjection.ts"
import { SessionProjection } from "./sessions/SessionProjection.ts"

export const projections: ReadonlyArray<AnyProjection> = [ModelProjection, ProviderProjection, SessionProjection]
