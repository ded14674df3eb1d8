/** Binds the endpoints of images to their service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as MediaHandler from "../inference/MediaHandler.ts"
import { edit, generation, variation } from "./ImageOperations.ts"
import { Images } from "./Images.ts"
import { ImagesRoutes } from "./ImagesRoutes.ts"

export const ImagesHandlers = ApiHandlers.make(
  ImagesRoutes,
  Effect.fn(function*(handlers) {
    const images = yield* Images
    return handlers.handleAll({
      createImage: MediaHandler.make(images.create, generation),
      createImageEdit: MediaHandler.make(images.edit, edit),
      createImageVariation: MediaHandler.make(images.vary, variation)
    })
  })
)
