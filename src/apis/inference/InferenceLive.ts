/** The router of inference: hands a call to who serves its model. */
import { Effect, Layer, Stream } from "effect"
import * as Calls from "../../kernel/calls/Calls.ts"
import type { ChatCompletionCall } from "../../kernel/dialects/chat/ChatCall.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import { replaceModel } from "../../kernel/dialects/chat/ModelName.ts"
import { Hooks } from "../../kernel/hooks/Hooks.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import type { Route } from "../../kernel/resources/ResourceLookup.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import type { InferenceInstance } from "../models/ModelRegistry.ts"
import { ModelRegistry } from "../models/ModelRegistry.ts"
import * as ModelsLive from "../models/ModelsLive.ts"
import * as Completion from "./Completion.ts"
import type { InferenceProvider } from "./Inference.ts"
import { Inference } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as InferenceCalls from "./InferenceCalls.ts"
import { InferenceHandlers } from "./InferenceHandlers.ts"
import * as InferenceHooks from "./InferenceHooks.ts"

const didNotAnswer = (error: ProviderError): boolean =>
  error._tag === "ProviderFailed" && (error.reason === "unreachable" || error.reason === "timeout")

/** Asks who serves the model; the model is as that one calls it. */
const asked = (
  { provider_id, requestCheck, service }: Route<InferenceProvider["Service"]>,
  call: ChatCompletionCall
) =>
  Effect.tapError(
    Calls.run(InferenceCalls.chatCompletion(provider_id, call), Effect.suspend(() => service.chatCompletion(call))),
    (error) => didNotAnswer(error) ? requestCheck : Effect.void
  )

export const layer = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.effect(
    Inference,
    Effect.gen(function*() {
      const models = yield* ResourceLookup.make(ModelsLive.options(instances, yield* ModelRegistry))
      const hooks = yield* Hooks
      const hooked = InferenceHooks.make(hooks)

      const ask = (route: Route<InferenceProvider["Service"]>, { request, text }: ChatCompletionCall) => {
        const { identifier, provider_id: provider, provider_resource_id: model } = route
        const call = { request: { ...request, model }, text: replaceModel(text, model) }
        return hooks.registered.size === 0
          ? asked(route, call)
          : hooked({ provider, model: identifier }, call, (call) => asked(route, call))
      }

      /** Asks over messages; gives the answer's bytes, and who answers. */
      const complete = Effect.fnUntraced(function*(request: ChatRequest, stream: boolean) {
        const call = yield* Effect.fromResult(Completion.callOf(chat, request, stream))
        const route = yield* models.route(call.request.model)
        const producer = { provider: route.provider_id, model: route.identifier }
        return [chat, yield* ask(route, call), producer] as const
      })

      return Inference.of({
        chatCompletion: (call) => Effect.flatMap(models.route(call.request.model), (route) => ask(route, call)),
        complete: (request) => Effect.flatMap(complete(request, false), (answer) => Completion.raiseWhole(...answer)),
        completeStream: (request) =>
          Stream.unwrap(Effect.map(complete(request, true), (answer) => Completion.raiseParts(...answer)))
      })
    })
  )

export const live = ApiModule.liveOf(InferenceApi, { handlers: InferenceHandlers, layer })
