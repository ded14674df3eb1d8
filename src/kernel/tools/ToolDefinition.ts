/** A tool that can be invoked: what a model is told of it, and who has it. */
import { Schema } from "effect"
import { openStruct } from "../../events/types/OpenSchema.ts"

export const ToolAnnotations = openStruct({
  title: Schema.optionalKey(Schema.String.annotate({ description: "Its name for people.", examples: ["Weather"] })),
  readOnlyHint: Schema.optionalKey(Schema.Boolean.annotate({ description: "It changes nothing. Default false." })),
  destructiveHint: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "What it changes may be lost. Default true." })
  ),
  idempotentHint: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Once more with the same arguments changes nothing more. Default false." })
  ),
  openWorldHint: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "It reaches what is outside, such as the web. Default true." })
  )
}).annotate({
  identifier: "ToolAnnotations",
  description: "What a tool says of itself, as MCP names it: hints, and no promises.",
  examples: [{ readOnlyHint: true }]
})
export type ToolAnnotations = typeof ToolAnnotations.Type

/** What its provider says of it. */
const fields = {
  name: Schema.String.annotate({ description: "As its provider calls it.", examples: ["get_weather"] }),
  description: Schema.String.annotate({
    description: "What it is for, for the model. Empty: nobody says.",
    examples: ["The weather in a city, now."]
  }),
  input_schema: Schema.JsonObject.annotate({
    description: "JSON Schema of its arguments.",
    examples: [{ type: "object", properties: { city: { type: "string" } }, required: ["city"] }]
  }),
  output_schema: Schema.optionalKey(Schema.JsonObject.annotate({
    description: "JSON Schema of `structured_content` of its results.",
    examples: [{ type: "object", properties: { celsius: { type: "number" } } }]
  })),
  annotations: Schema.optionalKey(ToolAnnotations),
  requires_approval: Schema.optionalKey(Schema.Boolean.annotate({
    description: "Somebody is to be asked before a model's call of it is made. Default false."
  })),
  metadata: Schema.optionalKey(Schema.JsonObject.annotate({ description: "What else its provider says." }))
}

export const ProviderTool = Schema.Struct(fields).annotate({
  identifier: "ProviderTool",
  description: "A tool as its provider lists it."
})
export type ProviderTool = typeof ProviderTool.Type

export const ToolDefinition = Schema.Struct({
  ...fields,
  group: Schema.String.annotate({ description: "The tool group it is in.", examples: ["weather/weather"] }),
  provider: Schema.String.annotate({ description: "The provider instance that runs it.", examples: ["weather"] })
}).annotate({
  identifier: "ToolDefinition",
  description: "A tool that can be invoked: by its name where no other group has one of that name, else with its group."
})
export type ToolDefinition = typeof ToolDefinition.Type
