/** The models that an Ollama server has. */
import { Effect, Option, Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import { secondsOf } from "../../../kernel/dialects/TimeText.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Model = openStruct({
  model: nullable(Schema.NonEmptyString),
  name: nullable(Schema.NonEmptyString),
  modified_at: nullable(Schema.String)
})
const List = openStruct({ models: Schema.Array(Schema.Unknown) })

const decodeList = Schema.decodeUnknownOption(List)
const decodeModel = Schema.decodeUnknownOption(Model)

const listed = ({ model, modified_at, name }: typeof Model.Type): ReadonlyArray<ListedModel> => {
  const id = model ?? name
  return id == null ? [] : [{ id, created: secondsOf(modified_at) ?? 0, owned_by: "ollama" }]
}

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const list = decodeList(value)
  return Option.isNone(list)
    ? Effect.fail(new NoModelList({ message: "no list of models: an object with one under models" }))
    : Effect.succeed(list.value.models.flatMap((each) => Option.toArray(decodeModel(each))).flatMap(listed))
}
