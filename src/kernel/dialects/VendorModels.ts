/** A vendor's list of models: OpenAI's form, Llama Stack's, or the bare array some give. */
import { Effect, Option, Predicate, Schema } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import type { ModelInfo } from "../messages/ModelInfo.ts"

/** A model as a vendor lists it. */
export interface ListedModel {
  readonly id: string
  /** Seconds since 1970; 0 when the vendor does not say. */
  readonly created: number
  readonly owned_by: string
  readonly info?: ModelInfo
}

const about = {
  created: Schema.optionalKey(Schema.Unknown),
  owned_by: Schema.optionalKey(Schema.Unknown),
  /** OGX's and Strata's, and Llama Stack's before. */
  custom_metadata: Schema.optionalKey(Schema.Unknown),
  model_type: Schema.optionalKey(Schema.Unknown),
  metadata: Schema.optionalKey(Schema.Unknown),
  /** Together's. */
  type: Schema.optionalKey(Schema.Unknown)
}

/** Llama Stack called the id `identifier` before it listed models as OpenAI does. */
const VendorModel = Schema.Union([
  Schema.Struct({ id: Schema.NonEmptyString, ...about }),
  Schema.Struct({ identifier: Schema.NonEmptyString, ...about })
])

const decodeModel = Schema.decodeUnknownOption(VendorModel)

/** What is no list of models at all. */
export class NoModelList extends Schema.TaggedError<NoModelList>()("NoModelList", { message: Schema.String }) {}

/** Whole seconds; 0 for what no number of seconds can be. */
const secondsOf = (created: unknown): number => {
  const seconds = Predicate.isNumber(created) ? Math.trunc(created) : 0
  return Number.isSafeInteger(seconds) ? seconds : 0
}

/** What a model is for that writes no text, as vendors name it. */
const capabilities: ReadonlyMap<unknown, string> = new Map([["embedding", "embeddings"], ["rerank", "rerank"]])

/** Undefined where the vendor does not say that it is for something else than text. */
const infoOf = (id: string, { custom_metadata, metadata, model_type, type }: typeof VendorModel.Type) => {
  const names = [field(custom_metadata, "model_type"), model_type, type]
  const capability = names.map((name) => capabilities.get(name)).find(Predicate.isNotUndefined)
  if (capability === undefined) return undefined
  const dimension = field(custom_metadata, "embedding_dimension") ?? field(metadata, "embedding_dimension")
  const stated = Number.isSafeInteger(dimension) ? { embedding_dimension: dimension as number } : {}
  return { id, capabilities: [capability], ...stated }
}

const toModel = (model: typeof VendorModel.Type): ListedModel => {
  const id = "id" in model ? model.id : model.identifier
  const info = infoOf(id, model)
  return {
    id,
    created: secondsOf(model.created),
    owned_by: Predicate.isString(model.owned_by) ? model.owned_by : "",
    ...info === undefined ? {} : { info }
  }
}

const listOf = (value: unknown): ReadonlyArray<unknown> | undefined => {
  const list = Predicate.hasProperty(value, "data") ? value.data : value
  return Array.isArray(list) ? list : undefined
}

/** An entry without an id is left out; a list of nothing else is none. */
export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const list = listOf(value)
  if (list === undefined) {
    return Effect.fail(new NoModelList({ message: "no list of models: an array, or an object with one under data" }))
  }
  const models = list.flatMap((each) => Option.toArray(decodeModel(each))).map(toModel)
  return models.length === 0 && list.length > 0
    ? Effect.fail(new NoModelList({ message: `none of the ${list.length} models it lists has an id` }))
    : Effect.succeed(models)
}
