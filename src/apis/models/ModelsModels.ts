/** Models as OpenAI's dialect lists them. */
import { Schema } from "effect"

export const Model = Schema.Struct({
  id: Schema.String.annotate({ description: "What to send as `model`: `provider_id/model_id`." }),
  object: Schema.Literal("model"),
  created: Schema.Int.annotate({ description: "Seconds since 1970, as the vendor says; 0 when it does not." }),
  owned_by: Schema.String,
  provider_id: Schema.String.annotate({ description: "The provider instance that serves it." }),
  provider_model_id: Schema.String.annotate({ description: "What the vendor calls it." })
}).annotate({ identifier: "Model" })
export type Model = typeof Model.Type

export const ModelList = Schema.Struct({ object: Schema.Literal("list"), data: Schema.Array(Model) }).annotate({
  identifier: "ModelList"
})
