/** A provider type of an API that Strata has: a model that answers with what it was told last. */
import { Effect, Layer, Schema, Stream } from "effect"
import { InferenceProvider } from "strata/apis/inference/Inference"
import { InferenceApi } from "strata/apis/inference/InferenceApi"
import * as Bytes from "strata/kernel/bytes/Bytes"
import * as ByteSource from "strata/kernel/bytes/ByteSource"
import type { ChatCompletionCall } from "strata/kernel/dialects/chat/ChatCall"
import * as Provider from "strata/kernel/provider/Provider"

const Config = Schema.Struct({
  prefix: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("")))
    .annotate({ description: "What every answer begins with." })
})

const answerTo = ({ request }: ChatCompletionCall): string => {
  const content = request.messages.at(-1)?.content
  return typeof content === "string" ? content : JSON.stringify(content ?? null)
}

/** A word is a token here. */
const usageOf = (content: string) => {
  const tokens = content.split(/\s+/).length
  return { prompt_tokens: tokens, completion_tokens: tokens, total_tokens: 2 * tokens }
}

const completion = (model: string, content: string) => ({
  id: "chatcmpl-echo",
  object: "chat.completion",
  created: 0,
  model,
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: usageOf(content)
})

const frames = (model: string, content: string): string => {
  const chunk = (delta: object, finish_reason: string | null) => ({
    id: "chatcmpl-echo",
    object: "chat.completion.chunk",
    created: 0,
    model,
    choices: [{ index: 0, delta, finish_reason }]
  })
  const last = { ...chunk({}, "stop"), usage: usageOf(content) }
  const data = [chunk({ role: "assistant", content }, null), last].map((each) => JSON.stringify(each))
  return [...data, "[DONE]"].map((each) => `data: ${each}\n\n`).join("")
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
        chatCompletion: (call) => {
          const { model, stream } = call.request
          const content = prefix + answerTo(call)
          return Effect.succeed(
            stream === true
              ? Bytes.events(200, ByteSource.fromStream(Stream.make(new TextEncoder().encode(frames(model, content)))))
              : Bytes.json(200, JSON.stringify(completion(model, content)))
          )
        },
        models: { source: "configuration", list: Effect.succeed([{ id: "echo-1", created: 0, owned_by: provider_id }]) }
      })
    )
})

/** What Strata looks for. */
export const strata = "^0.1"
export const providers = [Echo]
