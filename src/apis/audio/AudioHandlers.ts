/** Binds the endpoints of sound to the `Inference` service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Inference } from "../inference/Inference.ts"
import * as MediaHandler from "../inference/MediaHandler.ts"
import { speech, transcription, translation } from "./AudioOperations.ts"
import { AudioRoutes } from "./AudioRoutes.ts"

export const AudioHandlers = ApiHandlers.make(
  AudioRoutes,
  Effect.fn(function*(handlers) {
    const inference = yield* Inference
    return handlers.handleAll({
      createSpeech: MediaHandler.make(inference, speech),
      createTranscription: MediaHandler.make(inference, transcription),
      createTranslation: MediaHandler.make(inference, translation)
    })
  })
)
