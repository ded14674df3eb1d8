/** In which form a model is to answer. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

export const ResponseFormat = Schema.Union([
  openStruct({ type: Schema.Literal("text") }),
  openStruct({ type: Schema.Literal("json") }),
  openStruct({
    type: Schema.Literal("json_schema"),
    json_schema: Schema.JsonObject.annotate({
      description: "The JSON Schema itself.",
      examples: [{ type: "object", properties: { city: { type: "string" } } }]
    }),
    name: nullable(Schema.String).annotate({ description: "What the vendor is to call it.", examples: ["place"] }),
    strict: nullable(Schema.Boolean).annotate({ description: "Nothing but what fits.", examples: [true] })
  })
]).annotate({
  identifier: "ResponseFormat",
  description: "Text, any JSON, or JSON that fits a schema.",
  examples: [{ type: "json_schema", json_schema: { type: "object" }, strict: true }]
})
export type ResponseFormat = typeof ResponseFormat.Type
