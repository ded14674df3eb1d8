/** Models as OpenAI's dialect lists them, and as Llama Stack registers them. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { ModelRouting } from "../../kernel/resources/ModelRouting.ts"
import { ModelType } from "../../kernel/resources/ModelType.ts"
import { ResourceSource } from "../../kernel/resources/ResourceEvents.ts"

export const Model = Schema.Struct({
  id: Schema.String.annotate({
    description: "What to send as `model`: `provider_id/model_id`, or the name it was registered by."
  }),
  object: Schema.Literal("model"),
  created: Schema.Int.annotate({
    description: "Seconds since 1970, as the vendor says, or when it was registered; 0 when nobody says."
  }),
  owned_by: Schema.String,
  provider_id: Schema.String.annotate({ description: "The provider instance that serves it." }),
  provider_model_id: Schema.String.annotate({ description: "What the vendor calls it." }),
  identifier: Schema.String.annotate({ description: "Its `id`, as Llama Stack calls it." }),
  provider_resource_id: Schema.String.annotate({ description: "Its `provider_model_id`, as Llama Stack calls it." }),
  type: Schema.Literal("model").annotate({ description: "What it is, in Llama Stack's words." }),
  model_type: ModelType,
  metadata: Schema.JsonObject.annotate({
    description: "What who registered it, or its provider, says of it.",
    examples: [{ context_window: 128000 }]
  }),
  source: ResourceSource,
  routing: Schema.optionalKey(ModelRouting),
  custom_metadata: Schema.StructWithRest(
    Schema.Struct({ model_type: ModelType, provider_id: Schema.String, provider_resource_id: Schema.String }),
    [Schema.Record(Schema.String, Schema.Json)]
  ).annotate({
    description:
      "As OGX has it: type and provider, with what who registered it, or its provider, says of it: `display_name`, " +
      "`context_window`, `max_output_tokens`, `capabilities`, `pricing`."
  })
}).annotate({ identifier: "Model" })
export type Model = typeof Model.Type

export const ModelList = Schema.Struct({ object: Schema.Literal("list"), data: Schema.Array(Model) }).annotate({
  identifier: "ModelList"
})

const expected = "1 to 256 characters without spaces"
const name = Schema.String.check(Schema.isPattern(/^\S{1,256}$/, { expected }))

export const RegisterModel = Schema.Struct({
  model_id: name.annotate({
    description: "What clients are to ask for: any name that is not taken, `provider_id/model_id` among them."
  }),
  provider_id: nullable(Schema.String.annotate({
    description: "The provider instance that serves it. Default: the only one there is."
  })),
  provider_model_id: nullable(name.annotate({
    description: "What the provider calls it. Default: `model_id`, without the provider's id before it."
  })),
  model_type: nullable(ModelType),
  routing: nullable(ModelRouting),
  metadata: nullable(Schema.JsonObject.annotate({ description: "Kept as it is, and shown in `custom_metadata`." }))
}).annotate({ identifier: "RegisterModel" })
export type RegisterModel = typeof RegisterModel.Type

export const ModelDeleted = Schema.Struct({
  id: Schema.String,
  object: Schema.Literal("model"),
  deleted: Schema.Literal(true)
}).annotate({ identifier: "ModelDeleted" })
