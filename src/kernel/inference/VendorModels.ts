/** A vendor's list of models: OpenAI's form, or the bare array some give. */
import { Effect, Predicate, Schema } from "effect"
import type { ProviderModel } from "../../apis/inference/Inference.ts"

const VendorModel = Schema.Struct({
  id: Schema.NonEmptyString,
  created: Schema.optionalKey(Schema.Unknown),
  owned_by: Schema.optionalKey(Schema.Unknown)
})

const VendorModels = Schema.Union([Schema.Struct({ data: Schema.Array(VendorModel) }), Schema.Array(VendorModel)])

const decodeModels = Schema.decodeUnknownEffect(VendorModels)

/** Whole seconds; 0 for what no number of seconds can be. */
const secondsOf = (created: unknown): number => {
  const seconds = Predicate.isNumber(created) ? Math.trunc(created) : 0
  return Number.isSafeInteger(seconds) ? seconds : 0
}

const toModel = ({ created, id, owned_by }: typeof VendorModel.Type): ProviderModel => ({
  id,
  created: secondsOf(created),
  owned_by: Predicate.isString(owned_by) ? owned_by : ""
})

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ProviderModel>, Schema.SchemaError> =>
  Effect.map(decodeModels(value), (list) => ("data" in list ? list.data : list).map(toModel))
