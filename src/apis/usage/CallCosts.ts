/** The table of what each call used and cost: of calls to models, whatever for. */
import * as LlmEvents from "../../kernel/calls/LlmEvents.ts"
import * as CostProjection from "../../kernel/cost/CostProjection.ts"
import * as SpeechEvents from "../audio/SpeechEvents.ts"
import * as TranscriptionEvents from "../audio/TranscriptionEvents.ts"
import * as ImageEvents from "../images/ImageEvents.ts"
import * as EmbeddingEvents from "../inference/EmbeddingEvents.ts"
import * as RerankEvents from "../inference/RerankEvents.ts"

export const CallCosts = CostProjection.make({
  api: "inference",
  answers: [
    LlmEvents.Response.base,
    EmbeddingEvents.Response.base,
    RerankEvents.Response.base,
    SpeechEvents.Response.base,
    TranscriptionEvents.Response.base,
    ImageEvents.Response.base
  ]
})
