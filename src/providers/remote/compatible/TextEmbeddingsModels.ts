/** Text Embeddings Inference serves one model, and says which. */
import { Effect, Option, Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Info = openStruct({
  model_id: Schema.NonEmptyString,
  model_type: nullable(openStruct({ embedding: Schema.optionalKey(Schema.Json) })),
  max_input_length: nullable(Schema.Int)
})
const decodeInfo = Schema.decodeUnknownOption(Info)

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const info = decodeInfo(value)
  if (Option.isNone(info)) return Effect.fail(new NoModelList({ message: "no model: an object with its model_id" }))
  const { max_input_length, model_id: id, model_type } = info.value
  return Effect.succeed([{
    id,
    created: 0,
    owned_by: "text-embeddings-inference",
    info: {
      id,
      ...max_input_length == null ? {} : { context_window: max_input_length },
      ...model_type?.embedding === undefined ? {} : { capabilities: ["embeddings"] }
    }
  }])
}

export const models = { path: "/info", decode }
