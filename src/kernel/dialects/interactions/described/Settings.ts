/** How an interaction is made: tools, sampling, forms. */
import { Schema } from "effect"
import { among, dictionary, either, given, is, list, maybe, object, variants } from "../../DescribedFields.ts"

const allowed = object("InteractionAllowedTools", "Only some tools.", () => ({
  mode: maybe(among("auto", "any", "none", "validated"), "Whether one of them must be called.", "auto"),
  tools: maybe(list(Schema.String), "The tools, by name.", ["get_weather"])
}))

/** Functions come in these three forms; the first is Google's. */
const functionTool = object("InteractionFunction", "A function of the client.", () => ({
  type: is("function"),
  name: maybe(Schema.String, "Its name.", "get_weather"),
  description: maybe(Schema.String, "What it is for: the model goes by it.", "The weather of a city."),
  parameters: maybe(Schema.Json, "JSON Schema of the arguments.", { type: "object" })
}))

const mcpServer = object("InteractionMcpServer", "An MCP server, which the vendor calls.", () => ({
  type: is("mcp_server"),
  name: maybe(Schema.String, "What its calls name it by.", "weather"),
  url: maybe(Schema.String, "Its address.", "https://mcp.example.org/mcp"),
  headers: maybe(dictionary(Schema.String), "Headers for it.", { "x-team": "blue" }),
  allowed_tools: maybe(list(allowed()), "Those of its tools that may be called. Default: all.")
}))

export const tool = variants("InteractionTool", "What the model may use: functions, and tools of the vendor.", () => [
  functionTool(),
  mcpServer(),
  object("InteractionCodeTool", "Runs code.", () => ({ type: is("code_execution") }))(),
  object("InteractionUrlTool", "Reads pages.", () => ({ type: is("url_context") }))(),
  object("InteractionSearchTool", "Searches the web.", () => ({
    type: is("google_search"),
    search_types: maybe(
      list(among("web_search", "image_search", "enterprise_web_search")),
      "Where. Default: the web.",
      [
        "web_search"
      ]
    )
  }))(),
  object("InteractionMapsTool", "Searches places.", () => ({
    type: is("google_maps"),
    latitude: maybe(Schema.Finite, "Where the user is, degrees north.", 59.9),
    longitude: maybe(Schema.Finite, "Where the user is, degrees east.", 10.7),
    enable_widget: maybe(
      Schema.Boolean,
      "true: the result has what a map on a page is made with. Default false.",
      false
    )
  }))(),
  object("InteractionFileSearchTool", "Searches files.", () => ({
    type: is("file_search"),
    file_search_store_names: maybe(list(Schema.String), "Where they lie.", ["fileSearchStores/weather"]),
    top_k: maybe(Schema.Int, "Most passages.", 10),
    metadata_filter: maybe(Schema.String, "Which files, by what was noted of them.", "year = 2026")
  }))(),
  object("InteractionComputerTool", "Uses a computer of the client.", () => ({
    type: is("computer_use"),
    environment: maybe(Schema.String, "`browser`.", "browser"),
    excludedPredefinedFunctions: maybe(list(Schema.String), "What it is not to do.", ["open_web_browser"])
  }))(),
  object("InteractionRetrievalTool", "Searches the client's own stores at Google.", () => ({
    type: is("retrieval"),
    retrieval_types: maybe(list(Schema.String), "`vertex_ai_search`.", ["vertex_ai_search"]),
    vertex_ai_search_config: maybe(
      object("InteractionVertexSearch", "The stores.", () => ({
        engine: maybe(Schema.String, "The engine that searches.", "projects/p/locations/global/engines/e"),
        datastores: maybe(list(Schema.String), "The stores.", ["projects/p/locations/global/dataStores/d"])
      }))(),
      "The stores."
    )
  }))()
])

const speaker = object("InteractionSpeaker", "A voice.", () => ({
  voice: maybe(Schema.String, "The voice's name.", "Kore"),
  language: maybe(Schema.String, "The language, BCP 47.", "en-US"),
  speaker: maybe(Schema.String, "Whose lines of the input it speaks.", "Ada")
}))

const ratios = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:8", "8:1", "1:4", "4:1"]

const imageConfig = object("InteractionImageConfig", "How images are made.", () => ({
  aspect_ratio: maybe(among(...ratios), "Width to height.", "16:9"),
  image_size: maybe(among("512", "1K", "2K", "4K"), "Pixels of the longer side.", "1K")
}))

const summaries = () => maybe(among("auto", "none"), "Whether the answer has thoughts in short. Default none.", "auto")

export const generationConfig = object(
  "InteractionGenerationConfig",
  "Sampling, limits, thinking, choice of tools.",
  () => ({
    temperature: maybe(Schema.Finite, "How freely words are chosen, 0 to 2. Default: the vendor's.", 0.7),
    top_p: maybe(Schema.Finite, "Only the likeliest words that together have this probability, 0 to 1.", 0.9),
    seed: maybe(Schema.Int, "With the same seed and request the vendor tries to answer the same.", 7),
    stop_sequences: maybe(list(Schema.String), "Texts that end the answer.", ["\n\n"]),
    max_output_tokens: maybe(Schema.Int, "Most tokens of the answer.", 1024),
    thinking_level: maybe(among("minimal", "low", "medium", "high"), "How much the model thinks.", "low"),
    thinking_summaries: summaries(),
    tool_choice: maybe(
      either(
        among("auto", "any", "none", "validated"),
        object("InteractionToolChoice", "A choice among some tools.", () => ({
          allowed_tools: maybe(allowed(), "The tools.")
        }))()
      ),
      "Whether a tool is called: auto, any (some must be), none, validated. Default auto.",
      "auto"
    ),
    speech_config: maybe(list(speaker()), "Who speaks, where the answer is audio."),
    image_config: maybe(imageConfig(), "How images are made, where the answer has some.")
  })
)

export const agentConfig = variants("InteractionAgentConfig", "Settings of an agent.", () => [
  object("InteractionDynamicAgent", "An agent without settings.", () => ({ type: is("dynamic") }))(),
  object("InteractionResearchAgent", "An agent that researches.", () => ({
    type: is("deep-research"),
    thinking_summaries: summaries()
  }))()
])

const modality = () => among("text", "image", "audio", "video", "document")

const byModality = (description: string) =>
  maybe(list(modalityTokens()), description, [{ modality: "text", tokens: 58 }])

const modalityTokens = object("InteractionModalityTokens", "Tokens of one kind of content.", () => ({
  modality: maybe(modality(), "The kind.", "text"),
  tokens: maybe(Schema.Int, "How many.", 58)
}))

export const usage = object("InteractionUsage", "Tokens, as they were counted.", () => ({
  total_input_tokens: maybe(Schema.Int, "Of the input.", 58),
  input_tokens_by_modality: byModality("Of the input, by kind."),
  total_output_tokens: maybe(Schema.Int, "Of the answer, thoughts not counted.", 15),
  output_tokens_by_modality: byModality("Of the answer, by kind."),
  total_thought_tokens: maybe(Schema.Int, "Of thoughts.", 0),
  total_cached_tokens: maybe(Schema.Int, "Of the input, those that the vendor had in its cache.", 0),
  cached_tokens_by_modality: byModality("Those of the cache, by kind."),
  total_tool_use_tokens: maybe(Schema.Int, "Of the vendor's tools.", 0),
  tool_use_tokens_by_modality: byModality("Those of tools, by kind."),
  total_tokens: maybe(Schema.Int, "All of them.", 73)
}))

/** What a request says, and its answer again. */
export const settings = () => ({
  system_instruction: maybe(
    Schema.String,
    "What the model is to keep to. It is not taken over from the interaction before.",
    "Be brief."
  ),
  tools: maybe(list(tool()), "What the model may use.", [{ type: "function", name: "get_weather" }]),
  generation_config: maybe(generationConfig(), "Sampling, limits, thinking, choice of tools.", { temperature: 0.7 }),
  agent_config: maybe(agentConfig(), "Settings of an agent."),
  response_modalities: maybe(list(modality()), "What the answer is. Default text.", ["text"]),
  response_format: maybe(
    Schema.Json,
    "The form of the answer: a type with `mime_type` and `schema`, or a JSON Schema by itself.",
    { type: "text", mime_type: "application/json", schema: { type: "object" } }
  ),
  response_mime_type: maybe(
    Schema.String,
    "With a JSON Schema by itself: `application/json`.",
    "application/json"
  ),
  previous_interaction_id: maybe(
    Schema.String,
    "The interaction that this one goes on from: its conversation stands before the input. Strata keeps it, whoever " +
      "serves the model.",
    "int_2f0c"
  ),
  service_tier: maybe(
    among("flex", "standard", "priority"),
    "How the vendor is to serve it. Default standard.",
    "standard"
  )
})

/** Of a request they have no effect: they are what an answer says. */
export const state = () => ({
  created: maybe(Schema.String, "When it was made, ISO 8601.", "2026-11-27T07:00:00Z"),
  updated: maybe(Schema.String, "When it changed last, ISO 8601.", "2026-11-27T07:00:02Z"),
  role: maybe(Schema.String, "`model`.", "model"),
  usage: maybe(usage(), "Tokens.")
})

export const statusValues = () =>
  given(
    among("in_progress", "requires_action", "completed", "failed", "cancelled", "incomplete"),
    "How far it is. `requires_action`: a function is to be called.",
    "completed"
  )
