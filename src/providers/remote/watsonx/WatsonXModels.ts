/** watsonx.ai's list of foundation models: those one can chat with. */
import { Effect, Option, Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Model = openStruct({
  model_id: Schema.NonEmptyString,
  label: nullable(Schema.String),
  provider: nullable(Schema.String),
  functions: nullable(Schema.Array(openStruct({ id: Schema.String }))),
  model_limits: nullable(openStruct({
    max_sequence_length: nullable(Schema.Int),
    max_output_tokens: nullable(Schema.Int)
  }))
})
const List = openStruct({ resources: Schema.Array(Schema.Unknown) })

const decodeList = Schema.decodeUnknownOption(List)
const decodeModel = Schema.decodeUnknownOption(Model)

const chats = ({ functions }: typeof Model.Type): boolean =>
  functions == null || functions.some(({ id }) => id === "text_chat")

const listed = ({ label, model_id: id, model_limits, provider }: typeof Model.Type): ListedModel => ({
  id,
  created: 0,
  owned_by: provider ?? "ibm",
  info: {
    id,
    ...label == null ? {} : { display_name: label },
    ...model_limits?.max_sequence_length == null ? {} : { context_window: model_limits.max_sequence_length },
    ...model_limits?.max_output_tokens == null ? {} : { max_output_tokens: model_limits.max_output_tokens }
  }
})

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const list = decodeList(value)
  return Option.isNone(list)
    ? Effect.fail(new NoModelList({ message: "no list of models: an object with one under resources" }))
    : Effect.succeed(
      list.value.resources.flatMap((each) => Option.toArray(decodeModel(each))).filter(chats).map(listed)
    )
}
