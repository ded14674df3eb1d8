/** Images made of texts and of images, whoever makes them. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { MediaCall } from "../../kernel/media/MediaCall.ts"
import type { InferenceError } from "../inference/Inference.ts"

type Ask = (call: MediaCall) => Effect.Effect<WireResponse, InferenceError>

export class Images extends Context.Service<Images, {
  /** Of a text. */
  readonly create: Ask
  /** Of images and a text. */
  readonly edit: Ask
  /** Like another. */
  readonly vary: Ask
}>()("strata/apis/images/Images") {}
