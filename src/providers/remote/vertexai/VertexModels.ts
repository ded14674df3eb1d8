/** The models that Google publishes on Vertex AI: those that generate content. */
import { Effect, Option, Schema } from "effect"
import { openStruct } from "../../../events/types/OpenSchema.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Model = openStruct({ name: Schema.NonEmptyString })
const List = openStruct({ publisherModels: Schema.Array(Schema.Unknown) })

const decodeList = Schema.decodeUnknownOption(List)
const decodeModel = Schema.decodeUnknownOption(Model)

/** The list does not say what a model is for: its name does. */
const generates = (id: string): boolean => /^(gemini|gemma)/.test(id) && !id.includes("embedding")

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const list = decodeList(value)
  if (Option.isNone(list)) {
    return Effect.fail(new NoModelList({ message: "no list of models: an object with one under publisherModels" }))
  }
  const ids = list.value.publisherModels.flatMap((each) => Option.toArray(decodeModel(each)))
    .map(({ name }) => name.replace(/^publishers\/google\/models\//, ""))
  return Effect.succeed(ids.filter(generates).map((id) => ({ id, created: 0, owned_by: "google" })))
}
