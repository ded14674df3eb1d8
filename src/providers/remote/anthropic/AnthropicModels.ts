/** Anthropic's list of models. */
import { Effect, Option, Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import { secondsOf } from "../../../kernel/dialects/TimeText.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Model = openStruct({
  id: Schema.NonEmptyString,
  display_name: nullable(Schema.String),
  created_at: nullable(Schema.String),
  max_input_tokens: nullable(Schema.Int),
  max_tokens: nullable(Schema.Int)
})
const List = openStruct({ data: Schema.Array(Schema.Unknown) })

const decodeList = Schema.decodeUnknownOption(List)
const decodeModel = Schema.decodeUnknownOption(Model)

const listed = ({ created_at, display_name, id, max_input_tokens, max_tokens }: typeof Model.Type): ListedModel => ({
  id,
  created: secondsOf(created_at) ?? 0,
  owned_by: "anthropic",
  info: {
    id,
    ...display_name == null ? {} : { display_name },
    ...max_input_tokens == null ? {} : { context_window: max_input_tokens },
    ...max_tokens == null ? {} : { max_output_tokens: max_tokens }
  }
})

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const list = decodeList(value)
  return Option.isNone(list)
    ? Effect.fail(new NoModelList({ message: "no list of models: an object with one under data" }))
    : Effect.succeed(list.value.data.flatMap((each) => Option.toArray(decodeModel(each))).map(listed))
}
