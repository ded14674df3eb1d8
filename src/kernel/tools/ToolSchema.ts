/** The JSON Schema of a tool's arguments or result, as models and MCP clients read it: one object, with its definitions. */
import { Schema } from "effect"

export const of = (schema: Schema.Top): Schema.JsonObject => {
  const { definitions, schema: root } = Schema.toJsonSchemaDocument(Schema.toEncoded(Schema.toCodecJson(schema)))
  const own = root as Schema.JsonObject
  // Arguments are an object, also where there are none.
  const object = "type" in own || "$ref" in own ? own : { type: "object", ...own }
  return Object.keys(definitions).length === 0 ? object : { ...object, $defs: definitions as Schema.JsonObject }
}
