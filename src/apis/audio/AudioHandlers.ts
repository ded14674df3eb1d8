/** Binds the endpoints of sound to their service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as MediaHandler from "../inference/MediaHandler.ts"
import { Audio } from "./Audio.ts"
import { speech, transcription, translation } from "./AudioOperations.ts"
import { AudioRoutes } from "./AudioRoutes.ts"

export const AudioHandlers = ApiHandlers.make(
  AudioRoutes,
  Effect.fn(function*(handlers) {
    const audio = yield* Audio
    return handlers.handleAll({
      createSpeech: MediaHandler.make(audio.speak, speech),
      createTranscription: MediaHandler.make(audio.transcribe, transcription),
      createTranslation: MediaHandler.make(audio.translate, translation)
    })
  })
)
