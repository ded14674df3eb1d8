/** Binds the endpoints of images to the `Inference` service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Inference } from "../inference/Inference.ts"
import * as MediaHandler from "../inference/MediaHandler.ts"
import { edit, generation, variation } from "./ImageOperations.ts"
import { ImagesRoutes } from "./ImagesRoutes.ts"

export const ImagesHandlers = ApiHandlers.make(
  ImagesRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({
      createImage: MediaHandler.make(inference, generation),
      createImageEdit: MediaHandler.make(inference, edit),
      createImageVariation: MediaHandler.make(inference, variation)
    })
  })
)
