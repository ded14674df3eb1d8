/** What a response is asked for with, and says of itself again. */
import { Schema } from "effect"
import { among, dictionary, either, given, is, list, maybe, maybeNull, object } from "../../DescribedFields.ts"
import { inputPart } from "./Parts.ts"
import { freeText, tool } from "./Tools.ts"

const allowed = object("ResponseAllowedTools", "Only some tools.", () => ({
  type: is("allowed_tools"),
  mode: given(among("auto", "required"), "Whether one of them must be called.", "auto"),
  tools: given(
    list(
      object("ResponseToolName", "A tool by its type and name.", () => ({
        type: given(Schema.String, "Its type.", "function"),
        name: maybe(Schema.String, "Its name, of tools that have one.", "get_weather"),
        server_label: maybe(Schema.String, "The server, of tools of MCP servers.", "weather")
      }))()
    ),
    "The tools."
  )
}))

const hosted = object("ResponseChosenType", "A tool of the vendor, by its type.", () => ({
  type: is(
    "file_search",
    "web_search_preview",
    "web_search_preview_2025_03_11",
    "computer",
    "computer_use",
    "computer_use_preview",
    "image_generation",
    "code_interpreter",
    "apply_patch",
    "shell"
  )
}))

const named = (identifier: string, description: string, type: string) =>
  object(identifier, description, () => ({ type: is(type), name: given(Schema.String, "Its name.", "get_weather") }))

const chosenMcp = object("ResponseChosenMcpTool", "A tool of an MCP server.", () => ({
  type: is("mcp"),
  server_label: given(Schema.String, "The server.", "weather"),
  name: maybeNull(Schema.String, "The tool. Default: any of them.", "get_forecast")
}))

const chosenFunction = named("ResponseChosenFunction", "A function.", "function")

const chosenCustom = named("ResponseChosenCustomTool", "A tool that takes text.", "custom")

export const toolChoice = () =>
  either(among("none", "auto", "required"), allowed(), hosted(), chosenFunction(), chosenCustom(), chosenMcp())

export const reasoning = object("ResponseReasoningSettings", "How the model thinks before it answers.", () => ({
  effort: maybeNull(
    among("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "How much. Which of these there are depends on the model. Default: the vendor's, often medium.",
    "low"
  ),
  summary: maybeNull(among("auto", "concise", "detailed"), "A summary of the thoughts. Default: none.", "auto"),
  generate_summary: maybeNull(among("auto", "concise", "detailed"), "The earlier name of `summary`.", "auto")
}))

const jsonSchema = object("ResponseJsonSchemaFormat", "JSON that keeps to a schema.", () => ({
  type: is("json_schema"),
  name: given(Schema.String, "The schema's name, up to 64 letters, digits, `_` and `-`.", "weather"),
  description: maybe(Schema.String, "What it is for.", "The weather of a city."),
  schema: given(Schema.JsonObject, "The JSON Schema.", { type: "object" }),
  strict: maybeNull(Schema.Boolean, "Whether the answer always keeps to it. Default false.", true)
}))

export const textSettings = object("ResponseTextSettings", "The form of the text.", () => ({
  format: maybe(
    either(freeText(), jsonSchema(), object("ResponseJsonFormat", "Any JSON.", () => ({ type: is("json_object") }))()),
    "Text, JSON, or JSON that keeps to a schema. Default text.",
    { type: "text" }
  ),
  verbosity: maybeNull(among("low", "medium", "high"), "How much is said. Default medium.", "low")
}))

const storedPrompt = object("ResponsePrompt", "A prompt that is kept, as GET /v1/prompts lists it.", () => ({
  id: given(Schema.String, "The prompt.", "pmpt_6f0a1c"),
  version: maybeNull(Schema.String, "Its version. Default: the prompt's own default.", "2"),
  variables: maybeNull(dictionary(either(Schema.String, inputPart())), "What stands for its variables.", {
    city: "Oslo"
  })
}))

export const conversation = object("ResponseConversation", "The conversation that it stands in.", () => ({
  id: given(Schema.String, "The conversation's id.", "conv_6f0a1c")
}))

/** The model and how it is to answer. */
export const settings = () => ({
  previous_response_id: maybeNull(
    Schema.String,
    "The response that this one goes on from: its conversation stands before `input`. Strata keeps it, whoever serves " +
      "the model. Not together with `conversation`.",
    "resp_6f0a1c"
  ),
  tools: maybe(list(tool()), "What the model may use.", [{ type: "function", name: "get_weather" }]),
  tool_choice: maybe(toolChoice(), "auto, none, required, or what must be called. Default auto.", "auto"),
  parallel_tool_calls: maybeNull(Schema.Boolean, "Whether several tools may be called at once. Default true.", true),
  max_tool_calls: maybeNull(
    Schema.Int,
    "Most calls of tools that are made for it, those of the client's functions not counted. Default 1000.",
    5
  ),
  max_output_tokens: maybeNull(
    Schema.Int,
    "Most tokens of the answer, thoughts included; one that would be longer is `incomplete`. Default: the vendor's.",
    1000
  ),
  reasoning: maybeNull(reasoning(), "How the model thinks."),
  text: maybeNull(textSettings(), "The form of the text."),
  temperature: maybeNull(Schema.Finite, "How freely words are chosen, 0 to 2. Default: the vendor's, often 1.", 0.2),
  top_p: maybeNull(
    Schema.Finite,
    "Only the likeliest words that together have this probability, 0 to 1. Default: the vendor's, often 1.",
    0.9
  ),
  top_logprobs: maybeNull(Schema.Int, "How many other tokens are named at each place, 0 to 20. Default 0.", 2),
  presence_penalty: maybeNull(Schema.Finite, "Against what was said before, -2 to 2. Default 0.", 0),
  frequency_penalty: maybeNull(Schema.Finite, "Against what was said often, -2 to 2. Default 0.", 0),
  truncation: maybeNull(
    among("auto", "disabled"),
    "What becomes of a conversation that is too long: auto leaves out its beginning, disabled is an error. Default " +
      "disabled.",
    "disabled"
  ),
  background: maybeNull(
    Schema.Boolean,
    "true: Strata answers at once and makes the response as durable work; needs `store`. Default false.",
    false
  ),
  prompt: maybeNull(storedPrompt(), "A prompt that is kept here, in place of `instructions`.", { id: "pmpt_6f0a1c" }),
  metadata: maybeNull(
    dictionary(Schema.String),
    "Up to 16 pairs that come back with the response: keys up to 64 characters, values up to 512.",
    { ticket: "4711" }
  ),
  service_tier: maybeNull(
    Schema.String,
    "How the vendor is to serve it: auto, default, flex, scale, priority at OpenAI. Default: the vendor's.",
    "default"
  ),
  safety_identifier: maybeNull(Schema.String, "Who of the client's users asks, up to 64 characters.", "user-4711"),
  prompt_cache_key: maybeNull(Schema.String, "Requests of one key share the vendor's cache.", "weather"),
  prompt_cache_retention: maybeNull(among("in-memory", "24h"), "How long the vendor's cache keeps it.", "24h"),
  user: maybeNull(
    Schema.String,
    "Who of the client's users asks. `safety_identifier` and `prompt_cache_key` are its successors.",
    "ada"
  )
})
