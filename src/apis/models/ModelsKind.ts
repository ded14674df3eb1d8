/** Models as a kind of resource: what can be asked for, the routing table of inference. */
import type { Context } from "effect"
import { Effect, Struct } from "effect"
import type { ListedResource, Resource } from "../../kernel/resources/Resource.ts"
import * as ResourceKind from "../../kernel/resources/ResourceKind.ts"
import type { ResourceProvider } from "../../kernel/resources/ResourceProvider.ts"
import type { InferenceProvider, ProviderModel } from "../inference/Inference.ts"
import { ModelsEvents } from "./ModelsEvents.ts"

export type ModelAttributes = typeof ModelsEvents.fields.Type
export type ModelResource = Resource<ModelAttributes>

export const ModelsKind = ResourceKind.make({
  events: ModelsEvents,
  version: 2,
  description: "The models that can be asked for: the routing table of inference."
})

/** What a model that is for embeddings alone, or for reranking, does not do. */
const ofConversations = new Set(["tools", "streaming", "thinking"])

/** Undefined where its provider does not say it. */
const typeOf = ({ capabilities }: NonNullable<ProviderModel["info"]>): ModelAttributes["model_type"] => {
  if (capabilities == null || capabilities.some((each) => ofConversations.has(each))) return undefined
  if (capabilities.includes("embeddings")) return "embedding"
  return capabilities.includes("rerank") ? "rerank" : undefined
}

const attributesOf = (info: NonNullable<ProviderModel["info"]>) => {
  const model_type = typeOf(info)
  return {
    ...model_type === undefined ? {} : { model_type },
    metadata: Struct.omit(info, ["id", "created", "owned_by"])
  }
}

const toListed = ({ created, id, info, owned_by }: ProviderModel): ListedResource<ModelAttributes> => ({
  provider_resource_id: id,
  attributes: {
    created,
    owned_by,
    ...info === undefined ? {} : attributesOf(info)
  }
})

/** What an inference provider has to do with models. */
export const modelsOf = (
  { health, models: { list, source, unlisted } }: Context.Service.Shape<typeof InferenceProvider>
): ResourceProvider<ModelAttributes> => ({
  source,
  unlisted,
  list: Effect.map(list, (models) => models.map(toListed)),
  health
})

/** The models that a model stands for; undefined: it is one itself. */
export const routingOf = ({ attributes }: { readonly attributes?: unknown }): ModelAttributes["routing"] =>
  (attributes as ModelAttributes | undefined)?.routing
