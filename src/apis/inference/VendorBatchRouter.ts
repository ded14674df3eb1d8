/** Batches that vendors do: by which provider, and which of a batch's lines it can be asked. */
import { Context, Effect, Layer, Result, Schema } from "effect"
import type { VendorBatches } from "../../kernel/batches/VendorBatch.ts"
import { replaceModel } from "../../kernel/dialects/chat/ModelName.ts"
import { Hooks } from "../../kernel/hooks/Hooks.ts"
import type { ProviderUnavailable } from "../../kernel/http/ProviderUnavailable.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import type { InferenceInstance } from "../models/ModelRegistry.ts"
import { ModelRegistry } from "../models/ModelRegistry.ts"
import * as ModelsKind from "../models/ModelsKind.ts"
import * as ModelsLive from "../models/ModelsLive.ts"
import * as EmbeddingEvents from "./EmbeddingEvents.ts"
import type { InferenceProvider } from "./Inference.ts"
import * as InferenceHooks from "./InferenceHooks.ts"
import * as VendorBatchCalls from "./VendorBatchCalls.ts"

/** Why a provider is not asked to do a batch, or a line of one. */
export class NoVendorBatch extends Schema.TaggedError<NoVendorBatch>()("NoVendorBatch", {
  code: Schema.Literals(["provider_not_found", "unsupported_provider", "unsupported_endpoint", "hooks_see_lines"]),
  message: Schema.String
}) {}

export interface WrongLine {
  readonly code: string
  readonly message: string
}

export class VendorBatchRouter extends Context.Service<VendorBatchRouter, {
  /** Fails where its vendor can't be asked to do a batch of such lines, or not without what stands between. */
  readonly check: (provider: string, endpoint: string) => Effect.Effect<void, NoVendorBatch | ProviderUnavailable>
  /** Its batches; `batch`: Strata's id. Their calls are recorded. */
  readonly of: (provider: string, batch: string) => Effect.Effect<VendorBatches, NoVendorBatch | ProviderUnavailable>
  /** A line as the provider's vendor gets it: for who asks, the model has to be there, and the provider's. */
  readonly lineOf: (
    provider: string,
    line: { readonly body: string; readonly model: unknown }
  ) => Effect.Effect<Result.Result<string, WrongLine>>
}>()("strata/apis/inference/VendorBatchRouter") {}

const list = (names: ReadonlyArray<string>): string => names.length === 0 ? "there is none" : names.join(", ")

const requestTypeOf = (endpoint: string): string =>
  endpoint === "/v1/embeddings" ? EmbeddingEvents.Request.base.type : InferenceHooks.request

/** Undefined: nothing stands between its clients and its vendor. */
const between = ({ continuations = 0, repairs }: InferenceProvider["Service"]): string | undefined => {
  if (repairs === true) return "repair_tool_sequences"
  return continuations > 0 ? "auto_continue" : undefined
}

export const layer = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.effect(
    VendorBatchRouter,
    Effect.gen(function*() {
      const models = yield* ResourceLookup.make(ModelsLive.options(instances, yield* ModelRegistry))
      const hooks = yield* Hooks

      const serviceOf = Effect.fnUntraced(function*(provider: string) {
        const instance = instances.find(({ id }) => id === provider)
        if (instance !== undefined) return yield* instance.service
        return yield* new NoVendorBatch({
          code: "provider_not_found",
          message: `There is no inference provider ${JSON.stringify(provider)}: name one of ${
            list(instances.map(({ id }) => id))
          }.`
        })
      })

      const batchesOf = Effect.fnUntraced(function*(provider: string) {
        const service = yield* serviceOf(provider)
        if (service.batches !== undefined) return { service, batches: service.batches }
        return yield* new NoVendorBatch({
          code: "unsupported_provider",
          message:
            `The provider ${provider} has no batches of its vendor: leave provider_id out, and Strata asks each line.`
        })
      })

      return VendorBatchRouter.of({
        check: Effect.fnUntraced(function*(provider, endpoint) {
          const { batches, service } = yield* batchesOf(provider)
          if (!batches.endpoints.includes(endpoint)) {
            return yield* new NoVendorBatch({
              code: "unsupported_endpoint",
              message: `The vendor of the provider ${provider} does no batches of ${endpoint} for Strata, but of ${
                list(batches.endpoints)
              }: ask one of these, or leave provider_id out.`
            })
          }
          const setting = between(service)
          if (setting !== undefined) {
            return yield* new NoVendorBatch({
              code: "unsupported_provider",
              message:
                `The provider ${provider} is configured with ${setting}, which changes what its vendor is asked, and ` +
                "a vendor's batch takes lines as they are: name an instance without it, or leave provider_id out."
            })
          }
          if (!hooks.wants(requestTypeOf(endpoint))) return
          return yield* new NoVendorBatch({
            code: "hooks_see_lines",
            message: "Hooks look at each request before it is asked, and a vendor's batch is asked as a whole: leave " +
              "provider_id out, and Strata asks each line."
          })
        }),
        of: (provider, batch) =>
          Effect.map(batchesOf(provider), ({ batches }) => VendorBatchCalls.recorded(provider, batch, batches)),
        lineOf: (provider, { body, model }) => {
          if (typeof model !== "string") {
            return Effect.succeed(
              Result.fail({ code: "missing_required_parameter", message: "body.model is missing." })
            )
          }
          return Effect.match(models.route(model), {
            onFailure: ({ message }) => Result.fail({ code: "model_not_found", message }),
            onSuccess: (route) => {
              if (ModelsKind.routingOf(route) === undefined && route.provider_id === provider) {
                return Result.succeed(replaceModel(body, route.provider_resource_id))
              }
              return Result.fail({
                code: "model_not_of_provider",
                message: `${model} is not served by the provider ${provider} itself: name a model of it, or leave ` +
                  "provider_id out."
              })
            }
          })
        }
      })
    })
  )
