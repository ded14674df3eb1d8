/** The router of inference: hands a call to who serves its model. */
import { Effect, Layer } from "effect"
import * as Calls from "../../kernel/calls/Calls.ts"
import { replaceModel } from "../../kernel/dialects/chat/ModelName.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import type { InferenceInstance } from "../models/ModelRegistry.ts"
import { ModelRegistry } from "../models/ModelRegistry.ts"
import * as ModelsLive from "../models/ModelsLive.ts"
import { Inference } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as InferenceCalls from "./InferenceCalls.ts"
import { InferenceHandlers } from "./InferenceHandlers.ts"
import * as InferenceHooks from "./InferenceHooks.ts"

const didNotAnswer = (error: ProviderError): boolean =>
  error._tag === "ProviderFailed" && (error.reason === "unreachable" || error.reason === "timeout")

export const layer = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.effect(
    Inference,
    Effect.gen(function*() {
      const models = yield* ResourceLookup.make(ModelsLive.options(instances, yield* ModelRegistry))
      const hooked = yield* InferenceHooks.make
      return Inference.of({
        chatCompletion: Effect.fnUntraced(function*({ request, text }) {
          const route = yield* models.route(request.model)
          const model = route.provider_resource_id
          const call = { request: { ...request, model }, text: replaceModel(text, model) }
          const target = { provider: route.provider_id, model: route.identifier }
          return yield* hooked(target, call, (call) =>
            Calls.run(
              InferenceCalls.chatCompletion(route.provider_id, call),
              Effect.suspend(() => route.service.chatCompletion(call))
            ).pipe(Effect.tapError((error) => didNotAnswer(error) ? route.requestCheck : Effect.void)))
        })
      })
    })
  )

export const live = ApiModule.liveOf(InferenceApi, { handlers: InferenceHandlers, layer })
