/** The model registry's contract. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { ModelNotFound } from "../inference/Inference.ts"
import type { Model } from "./ModelsModels.ts"

export class Models extends Context.Service<Models, {
  /** In order of id. */
  readonly list: Effect.Effect<ReadonlyArray<Model>>
  /** Asks the providers again before it gives up. */
  get(id: string): Effect.Effect<Model, ModelNotFound>
}>()("strata/apis/models/Models") {}
