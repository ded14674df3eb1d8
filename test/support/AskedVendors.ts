/** What a provider type would ask, and where, with a configuration: no byte leaves the machine. */
import { Context, Effect, Layer, Result, Schema } from "effect"
import type { HttpClientRequest } from "effect/http"
import { HttpClient, HttpClientResponse } from "effect/http"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { chat } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import type { registry } from "../../src/providers/Registry.ts"

export type Definition = (typeof registry)[number]

const answer = { id: "a", object: "chat.completion", choices: [], data: [], resources: [] }

/** The requests of a call, and of a list of models where `lists`. */
export const asked = (
  definition: Definition,
  written: Schema.JsonObject,
  { embeds = false, lists = false, model = "m" }: {
    readonly embeds?: boolean
    readonly lists?: boolean
    readonly model?: string
  } = {}
) =>
  Effect.gen(function*() {
    const requests: Array<HttpClientRequest.HttpClientRequest> = []
    const client = HttpClient.make((request) =>
      Effect.sync(() => {
        requests.push(request)
        return HttpClientResponse.fromWeb(request, Response.json(answer))
      })
    )
    const config = yield* Schema.decodeUnknownEffect(definition.config as Schema.Codec<unknown>)(written)
    const instance = { provider_id: "v", provider_type: definition.type, upstream: undefined }
    const layer = (definition.layer as (
      ...given: ReadonlyArray<unknown>
    ) => Layer.Layer<InferenceProvider, unknown, HttpClient.HttpClient>)(
      config,
      instance
    )
    const context = yield* Layer.build(layer.pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, client))))
    const provider = Context.get(context, InferenceProvider)
    const body = { model, messages: [] }
    const call = { dialect: chat, model, stream: false, body, text: JSON.stringify(body) }
    const chats = provider.send !== undefined
    const result = embeds || !chats ? Result.succeed(undefined) : yield* Effect.result(provider.send!(call))
    if (embeds) yield* Effect.result(provider.embed!({ model, input: ["hi"] }))
    if (lists) yield* Effect.result(provider.models.list)
    const bodies = requests.map(({ body }) => body._tag === "Uint8Array" ? Buffer.from(body.body).toString() : "")
    return { requests, bodies, chats, refused: Result.isFailure(result) ? result.failure : undefined }
  }).pipe(Effect.scoped, Effect.orDie)

export const urlOf = ({ url }: HttpClientRequest.HttpClientRequest): string => new URL(url).href
