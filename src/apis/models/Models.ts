/** The model registry's contract. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { ResourceError, ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { Model, RegisterModel } from "./ModelsModels.ts"

export class Models extends Context.Service<Models, {
  /** In order of id. */
  readonly list: Effect.Effect<ReadonlyArray<Model>, EventLogUnavailable>
  /** By its id, or by the vendor's own where one provider has it. Asks the providers again before it gives up. */
  get(id: string): Effect.Effect<Model, ResourceNotFound | EventLogUnavailable>
  /** Gives what stands there already where it is the same. */
  register(model: RegisterModel): Effect.Effect<Model, ResourceError>
  /** Only what was registered by `register`. */
  unregister(id: string): Effect.Effect<void, ResourceError>
}>()("strata/apis/models/Models") {}
