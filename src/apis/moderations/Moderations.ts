/** Judgements of texts and images, whoever makes them. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { MediaCall } from "../../kernel/media/MediaCall.ts"
import type { InferenceError } from "../inference/Inference.ts"

type Ask = (call: MediaCall) => Effect.Effect<WireResponse, InferenceError>

export class Moderations extends Context.Service<Moderations, {
  /** Has texts and images judged. */
  readonly create: Ask
}>()("strata/apis/moderations/Moderations") {}
