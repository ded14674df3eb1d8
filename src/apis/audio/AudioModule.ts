/** Speech of texts and texts of speech, by models of providers that have them. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { AudioRoutes } from "./AudioRoutes.ts"
import * as SpeechEvents from "./SpeechEvents.ts"
import * as TranscriptionEvents from "./TranscriptionEvents.ts"

export const AudioModule = ApiModule.make({
  name: "audio",
  routes: AudioRoutes,
  events: [...SpeechEvents.all, ...TranscriptionEvents.all],
  live: () => import("./AudioLive.ts")
})
