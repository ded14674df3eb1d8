/** A vendor's list of models: OpenAI's form, Llama Stack's, or the bare array some give. */
import { Effect, Predicate, Schema } from "effect"
import type { ProviderModel } from "../../apis/inference/Inference.ts"

const about = { created: Schema.optionalKey(Schema.Unknown), owned_by: Schema.optionalKey(Schema.Unknown) }

/** Llama Stack called the id `identifier` before it listed models as OpenAI does. */
const VendorModel = Schema.Union([
  Schema.Struct({ id: Schema.NonEmptyString, ...about }),
  Schema.Struct({ identifier: Schema.NonEmptyString, ...about })
])

const VendorModels = Schema.Union([Schema.Struct({ data: Schema.Array(VendorModel) }), Schema.Array(VendorModel)])

const decodeModels = Schema.decodeUnknownEffect(VendorModels)

/** Whole seconds; 0 for what no number of seconds can be. */
const secondsOf = (created: unknown): number => {
  const seconds = Predicate.isNumber(created) ? Math.trunc(created) : 0
  return Number.isSafeInteger(seconds) ? seconds : 0
}

const toModel = (model: typeof VendorModel.Type): ProviderModel => ({
  id: "id" in model ? model.id : model.identifier,
  created: secondsOf(model.created),
  owned_by: Predicate.isString(model.owned_by) ? model.owned_by : ""
})

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ProviderModel>, Schema.SchemaError> =>
  Effect.map(decodeModels(value), (list) => ("data" in list ? list.data : list).map(toModel))
