/** Binds the endpoint of moderations to the `Inference` service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Inference } from "../inference/Inference.ts"
import * as MediaHandler from "../inference/MediaHandler.ts"
import { moderation } from "./ModerationOperation.ts"
import { ModerationsRoutes } from "./ModerationsRoutes.ts"

export const ModerationsHandlers = ApiHandlers.make(
  ModerationsRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({ createModeration: MediaHandler.make(inference, moderation) })
  })
)
