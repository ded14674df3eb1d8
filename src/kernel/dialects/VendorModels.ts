/** A vendor's list of models: OpenAI's form, Llama Stack's, or the bare array some give. */
import { Effect, Option, Predicate, Schema } from "effect"

import type { ModelInfo } from "../messages/ModelInfo.ts"

/** A model as a vendor lists it. */
export interface ListedModel {
  readonly id: string
  /** Seconds since 1970; 0 when the vendor does not say. */
  readonly created: number
  readonly owned_by: string
  readonly info?: ModelInfo
}

const about = { created: Schema.optionalKey(Schema.Unknown), owned_by: Schema.optionalKey(Schema.Unknown) }

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

const toModel = (model: typeof VendorModel.Type): ListedModel => ({
  id: "id" in model ? model.id : model.identifier,
  created: secondsOf(model.created),
  owned_by: Predicate.isString(model.owned_by) ? model.owned_by : ""
})

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
