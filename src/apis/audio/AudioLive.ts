/** Sound, and texts of it, made by who serves the model. */
import { Effect, Layer } from "effect"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Inference } from "../inference/Inference.ts"
import { Audio } from "./Audio.ts"
import { AudioHandlers } from "./AudioHandlers.ts"

export const layer = Layer.effect(
  Audio,
  Effect.map(Inference, ({ media }) => Audio.of({ speak: media, transcribe: media, translate: media }))
)

export const live = ApiModule.live({ handlers: AudioHandlers, layer })
