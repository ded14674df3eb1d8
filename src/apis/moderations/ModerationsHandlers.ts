/** Binds the endpoint of moderations to their service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as MediaHandler from "../inference/MediaHandler.ts"
import { moderation } from "./ModerationOperation.ts"
import { Moderations } from "./Moderations.ts"
import { ModerationsRoutes } from "./ModerationsRoutes.ts"

export const ModerationsHandlers = ApiHandlers.make(
  ModerationsRoutes,
  Effect.fn(function*(handlers) {
    const moderations = yield* Moderations
    return handlers.handleAll({ createModeration: MediaHandler.make(moderations.create, moderation) })
  })
)
