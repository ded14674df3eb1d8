/** A provider type of an API that Strata has: a model that answers with what it was told last. */
import { Effect, Layer, Schema } from "effect"
import { InferenceProvider } from "strata/apis/inference/Inference"
import { InferenceApi } from "strata/apis/inference/InferenceApi"
import type { ChatRequest } from "strata/kernel/messages/ChatRequest"
import { blocksOf } from "strata/kernel/messages/Message"
import * as Provider from "strata/kernel/provider/Provider"

const Config = Schema.Struct({
  prefix: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("")))
    .annotate({ description: "What every answer begins with." })
})

const answerTo = ({ messages }: ChatRequest): string =>
  messages.slice(-1).flatMap(blocksOf).map(({ text }) => text ?? "").join("")

/** A word is a token here. */
const usageOf = (content: string) => {
  const tokens = content.split(/\s+/).length
  return { input_tokens: tokens, output_tokens: tokens, total_tokens: 2 * tokens }
}

const Echo = Provider.make({
  api: InferenceApi,
  type: "inline::echo",
  description: "Answers with the last message.",
  config: Config,
  requires: [],
  layer: ({ prefix }, { provider_id }) =>
    Layer.succeed(
      InferenceProvider,
      InferenceProvider.of({
        complete: (request) => {
          const text = prefix + answerTo(request)
          return Effect.succeed({
            content: [{ type: "text", text }],
            finish_reason: "stop",
            usage: usageOf(text),
            metadata: { id: "echo", model: "echo-1", created: 0 }
          })
        },
        models: { source: "configuration", list: Effect.succeed([{ id: "echo-1", created: 0, owned_by: provider_id }]) }
      })
    )
})

/** What Strata looks for. */
export const strata = "^0.1"
export const providers = [Echo]
