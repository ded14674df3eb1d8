/** Speech of texts and texts of speech, whoever makes them. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { MediaCall } from "../../kernel/media/MediaCall.ts"
import type { InferenceError } from "../inference/Inference.ts"

type Ask = (call: MediaCall) => Effect.Effect<WireResponse, InferenceError>

export class Audio extends Context.Service<Audio, {
  /** Has a text spoken. */
  readonly speak: Ask
  /** Has sound written down, in its language. */
  readonly transcribe: Ask
  /** Has sound written down in English. */
  readonly translate: Ask
}>()("strata/apis/audio/Audio") {}
