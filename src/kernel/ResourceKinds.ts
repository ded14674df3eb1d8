/** Every kind of resource that has a registry: its events, its table and its place in a session's context follow. */
import { ModelKind } from "./models/ModelKind.ts"
import type { AnyResourceKind } from "./resources/ResourceKind.ts"

export const resourceKinds: ReadonlyArray<AnyResourceKind> = [ModelKind]
