/** Gemini's list of models: those that generate content, and those that make embeddings. */
import { Effect, Option, Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Model = openStruct({
  name: Schema.NonEmptyString,
  displayName: nullable(Schema.String),
  inputTokenLimit: nullable(Schema.Int),
  outputTokenLimit: nullable(Schema.Int),
  thinking: nullable(Schema.Boolean),
  supportedGenerationMethods: nullable(Schema.Array(Schema.String))
})
const List = openStruct({ models: Schema.Array(Schema.Unknown) })

const decodeList = Schema.decodeUnknownOption(List)
const decodeModel = Schema.decodeUnknownOption(Model)

const generates = ({ supportedGenerationMethods }: typeof Model.Type): boolean =>
  supportedGenerationMethods == null || supportedGenerationMethods.includes("generateContent")

const embeds = ({ supportedGenerationMethods }: typeof Model.Type): boolean =>
  supportedGenerationMethods?.includes("embedContent") === true

const capabilitiesOf = (model: typeof Model.Type): ReadonlyArray<string> => [
  ...generates(model) ? ["tools", "streaming"] : [],
  ...model.thinking === true ? ["thinking"] : [],
  ...embeds(model) ? ["embeddings"] : []
]

const listed = (model: typeof Model.Type): ListedModel => {
  const { displayName, inputTokenLimit, name, outputTokenLimit } = model
  const id = name.replace(/^models\//, "")
  return {
    id,
    created: 0,
    owned_by: "google",
    info: {
      id,
      ...displayName == null ? {} : { display_name: displayName },
      ...inputTokenLimit == null ? {} : { context_window: inputTokenLimit },
      ...outputTokenLimit == null ? {} : { max_output_tokens: outputTokenLimit },
      capabilities: capabilitiesOf(model)
    }
  }
}

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const list = decodeList(value)
  return Option.isNone(list)
    ? Effect.fail(new NoModelList({ message: "no list of models: an object with one under models" }))
    : Effect.succeed(
      list.value.models.flatMap((each) => Option.toArray(decodeModel(each)))
        .filter((model) => generates(model) || embeds(model))
        .map(listed)
    )
}
