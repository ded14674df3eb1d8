/** Images, made by who serves the model. */
import { Effect, Layer } from "effect"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Inference } from "../inference/Inference.ts"
import { Images } from "./Images.ts"
import { ImagesHandlers } from "./ImagesHandlers.ts"

export const layer = Layer.effect(
  Images,
  Effect.map(Inference, ({ media }) => Images.of({ create: media, edit: media, vary: media }))
)

export const live = ApiModule.live({ handlers: ImagesHandlers, layer })
