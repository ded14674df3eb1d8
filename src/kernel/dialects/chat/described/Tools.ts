/** What a model may use, and the forms its answer can have. */
import { Schema } from "effect"
import { among, either, given, is, list, maybe, maybeNull, object, variants } from "../../DescribedFields.ts"

const purpose = () => maybe(Schema.String, "What it is for: the model goes by it.", "The weather of a city.")

const schema = (description: string) =>
  maybe(Schema.JsonObject, description, { type: "object", properties: { city: { type: "string" } } })

const functionFields = () => ({
  name: given(Schema.String, "Its name, up to 64 letters, digits, `_` and `-`.", "get_weather"),
  description: purpose(),
  parameters: schema("JSON Schema of the arguments. Default: none are taken.")
})

const functionTool = object("ChatFunctionTool", "A function of the client.", () => ({
  type: is("function"),
  function: given(
    object("ChatFunction", "The function.", () => ({
      ...functionFields(),
      strict: maybeNull(Schema.Boolean, "Whether arguments always keep to the schema. Default false.", true)
    }))(),
    "The function."
  )
}))

const grammar = object("ChatGrammarFormat", "Text that keeps to a grammar.", () => ({
  type: is("grammar"),
  grammar: given(
    object("ChatGrammar", "The grammar.", () => ({
      definition: given(Schema.String, "The grammar.", "SELECT .*"),
      syntax: given(among("lark", "regex"), "How it is written.", "regex")
    }))(),
    "The grammar."
  )
}))

const freeText = object("ChatTextFormat", "Any text.", () => ({ type: is("text") }))

const customTool = object("ChatCustomTool", "A tool of the client that takes text.", () => ({
  type: is("custom"),
  custom: given(
    object("ChatCustomToolSpec", "The tool.", () => ({
      name: given(Schema.String, "Its name.", "run_query"),
      description: purpose(),
      format: maybe(either(freeText(), grammar()), "What text it takes. Default: any.")
    }))(),
    "The tool."
  )
}))

export const tool = variants("ChatTool", "A tool that the model may call. The client runs it.", () => [
  functionTool(),
  customTool()
])

export const earlierFunction = object(
  "ChatEarlierFunction",
  "A function in the form from before `tools`.",
  functionFields
)

const name = (identifier: string, description: string) =>
  object(identifier, description, () => ({ name: given(Schema.String, "Its name.", "get_weather") }))

const chosenName = name("ChatChosenName", "A function by its name.")

const allowed = object("ChatAllowedTools", "Only some tools.", () => ({
  type: is("allowed_tools"),
  allowed_tools: given(
    object("ChatAllowed", "The tools.", () => ({
      mode: given(among("auto", "required"), "Whether one of them must be called.", "auto"),
      tools: given(list(Schema.JsonObject), "The tools, by type and name.", [
        { type: "function", function: { name: "get_weather" } }
      ])
    }))(),
    "The tools."
  )
}))

export const toolChoice = () =>
  either(
    among("none", "auto", "required"),
    allowed(),
    object("ChatChosenFunction", "A function that must be called.", () => ({
      type: is("function"),
      function: given(chosenName(), "The function.")
    }))(),
    object("ChatChosenCustomTool", "A tool that must be called.", () => ({
      type: is("custom"),
      custom: given(chosenName(), "The tool.")
    }))()
  )

export const earlierChoice = () => either(among("none", "auto"), chosenName())

const jsonSchema = object("ChatJsonSchemaFormat", "JSON that keeps to a schema.", () => ({
  type: is("json_schema"),
  json_schema: given(
    object("ChatJsonSchema", "The schema.", () => ({
      name: given(Schema.String, "Its name, up to 64 letters, digits, `_` and `-`.", "weather"),
      description: maybe(Schema.String, "What it is for.", "The weather of a city."),
      schema: maybe(Schema.JsonObject, "The JSON Schema.", { type: "object" }),
      strict: maybeNull(Schema.Boolean, "Whether the answer always keeps to it. Default false.", true)
    }))(),
    "The schema."
  )
}))

export const responseFormat = variants("ChatResponseFormat", "The form of the answer.", () => [
  freeText(),
  jsonSchema(),
  object("ChatJsonFormat", "Any JSON. Ask for JSON in a message too.", () => ({ type: is("json_object") }))()
])
