/**
 * What a model may use. Functions, MCP servers and searches of vector stores are served here whoever serves the model; the
 * others are the vendor's.
 */
import { Schema } from "effect"
import {
  among,
  type Described,
  dictionary,
  either,
  given,
  is,
  list,
  maybe,
  maybeNull,
  object,
  variants,
  within
} from "../../DescribedFields.ts"
import { automaticContainer, containerReference, localEnvironment, shellContainer } from "./Containers.ts"

const schema = (description: string) =>
  maybeNull(Schema.Json, description, { type: "object", properties: { city: { type: "string" } } })

const name = (example: string) => given(Schema.String, "Its name, up to 128 letters, digits, `_` and `-`.", example)

const purpose = () => maybeNull(Schema.String, "What it is for: the model goes by it.", "The weather of a city.")

const deferred = () =>
  maybe(Schema.Boolean, "true: the model learns of it only when it searches for tools. Default false.", false)

const functionTool = object("ResponseFunctionTool", "A function of the client: its calls end the response.", () => ({
  type: is("function"),
  name: name("get_weather"),
  description: purpose(),
  parameters: schema("JSON Schema of the arguments."),
  strict: maybeNull(Schema.Boolean, "Whether arguments always keep to the schema. Default: the vendor's.", true),
  defer_loading: deferred()
}))

const grammar = object("ResponseGrammar", "Text that keeps to a grammar.", () => ({
  type: is("grammar"),
  syntax: given(among("lark", "regex"), "How the grammar is written.", "regex"),
  definition: given(Schema.String, "The grammar.", "SELECT .*")
}))

export const freeText = object("ResponseFreeText", "Any text.", () => ({ type: is("text") }))

const customTool = object("ResponseCustomTool", "A tool of the client that takes text.", () => ({
  type: is("custom"),
  name: name("run_query"),
  description: purpose(),
  format: maybe(either(freeText(), grammar()), "What text it takes. Default: any."),
  defer_loading: deferred()
}))

const toolFilter = object("ResponseMcpToolFilter", "Some tools of a server.", () => ({
  tool_names: maybe(list(Schema.String), "These.", ["get_forecast"]),
  read_only: maybe(Schema.Boolean, "true: those that change nothing, by the server's own word.", true)
}))

const approvals = object("ResponseMcpApprovals", "Which calls are to be approved.", () => ({
  always: maybeNull(either(list(Schema.String), toolFilter()), "Those of these tools are.", ["send_mail"]),
  never: maybeNull(either(list(Schema.String), toolFilter()), "Those of these tools are not.", ["get_forecast"])
}))

const mcpTool = object("ResponseMcpTool", "An MCP server: its tools are called here, by Strata.", () => ({
  type: is("mcp"),
  server_label: given(Schema.String, "What its calls name it by.", "weather"),
  server_url: maybe(
    Schema.String,
    "Its address, http or https; or give `connector_id`.",
    "https://mcp.example.org/mcp"
  ),
  connector_id: maybe(
    Schema.String,
    "A connector, as `GET /v1beta/connectors` lists it, in place of an address. Connectors of OpenAI are not served here.",
    "mcp::weather"
  ),
  server_description: maybe(Schema.String, "What it is for.", "Weather of the world."),
  authorization: maybe(Schema.String, "A token for it. It is not kept, and comes back in no answer.", "ya29.a0"),
  headers: maybeNull(dictionary(Schema.String), "Headers for it. They are not kept.", { "x-team": "blue" }),
  allowed_tools: maybeNull(either(list(Schema.String), toolFilter()), "Those that may be called. Default: all.", [
    "get_forecast"
  ]),
  require_approval: maybeNull(
    either(among("always", "never"), approvals()),
    "Which calls wait for an approval. Default always.",
    "never"
  ),
  defer_loading: deferred()
}))

const comparison = object("ResponseComparisonFilter", "A comparison of an attribute of files.", () => ({
  type: is("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"),
  key: given(Schema.String, "The attribute.", "year"),
  value: given(
    either(Schema.String, Schema.Finite, Schema.Boolean, list(either(Schema.String, Schema.Finite))),
    "What it is compared with.",
    2026
  )
}))

const compound: Described = object("ResponseCompoundFilter", "Several filters together.", () => ({
  type: is("and", "or"),
  filters: given(list(either(comparison(), within(compound))), "The filters.")
}))

const filter = () => either(comparison(), compound())

const hybrid = object("ResponseHybridSearch", "A search by what texts mean and by their words.", () => ({
  embedding_weight: given(Schema.Finite, "How much the meaning counts.", 1),
  text_weight: given(Schema.Finite, "How much the words count.", 1)
}))

const ranking = object("ResponseRanking", "How passages are put in order.", () => ({
  ranker: maybeNull(
    Schema.String,
    "How two orders become one: rrf, by places (the default), or weighted, by scores. OpenAI's auto and " +
      "default-2024-11-15 mean the default here.",
    "auto"
  ),
  score_threshold: maybeNull(Schema.Finite, "Only passages that fit at least as well, 0 to 1. Default 0.", 0.5),
  hybrid_search: maybeNull(hybrid(), "Searches by words too, and weighs both. Default: by the meaning alone."),
  alpha: maybeNull(Schema.Finite, "Of weighted: how much the meaning counts, 0 to 1. Default 0.5.", 0.7),
  impact_factor: maybeNull(Schema.Finite, "Of rrf: the higher, the less places differ. Default 60.", 60)
}))

const fileSearch = object(
  "ResponseFileSearchTool",
  "Searches vector stores: those of Strata here, whoever serves the model; others at the vendor.",
  () => ({
    type: is("file_search"),
    vector_store_ids: given(list(Schema.String), "The vector stores.", ["vs_6f0a1c"]),
    max_num_results: maybeNull(Schema.Int, "Most passages, 1 to 50. Default 10.", 10),
    ranking_options: maybeNull(ranking(), "How they are put in order."),
    filters: maybeNull(filter(), "Which files are searched, by their attributes. Default: all.", {
      type: "eq",
      key: "year",
      value: 2026
    })
  })
)

const location = object("ResponseUserLocation", "Where the user is, roughly.", () => ({
  type: maybe(Schema.Literal("approximate"), "`approximate`."),
  country: maybeNull(Schema.String, "The country, ISO 3166-1 of two letters.", "NO"),
  region: maybeNull(Schema.String, "The region.", "Oslo"),
  city: maybeNull(Schema.String, "The city.", "Oslo"),
  timezone: maybeNull(Schema.String, "The time zone, by its IANA name.", "Europe/Oslo")
}))

const contextSize = () =>
  maybe(among("low", "medium", "high"), "How much of what is found the model reads. Default medium.", "low")

const webSearch = object("ResponseWebSearchTool", "Searches the web.", () => ({
  type: is("web_search", "web_search_2025_08_26"),
  filters: maybeNull(
    object("ResponseWebFilters", "Which pages are searched.", () => ({
      allowed_domains: maybeNull(list(Schema.String), "Those of these domains. Default: all.", ["example.org"])
    }))(),
    "Which pages are searched."
  ),
  user_location: maybeNull(location(), "Where the user is."),
  search_context_size: contextSize()
}))

const webSearchPreview = object("ResponseWebSearchPreviewTool", "Searches the web, in an earlier form.", () => ({
  type: is("web_search_preview", "web_search_preview_2025_03_11"),
  user_location: maybeNull(location(), "Where the user is."),
  search_context_size: contextSize(),
  search_content_types: maybe(list(among("text", "image")), "What is searched for. Default text.", ["text"])
}))

const computerPreview = object(
  "ResponseComputerPreviewTool",
  "Uses a computer of the client, in an earlier form.",
  () => ({
    type: is("computer_use_preview"),
    environment: given(among("windows", "mac", "linux", "ubuntu", "browser"), "What it is.", "browser"),
    display_width: given(Schema.Int, "Pixels of the screen, across.", 1024),
    display_height: given(Schema.Int, "Pixels of the screen, down.", 768)
  })
)

const codeInterpreter = object("ResponseCodeInterpreterTool", "Runs code of the model.", () => ({
  type: is("code_interpreter"),
  container: given(either(Schema.String, automaticContainer()), "Where it runs: an id, or a container to be made.", {
    type: "auto"
  })
}))

const imageMask = object("ResponseImageMask", "What of an image is to be changed.", () => ({
  image_url: maybe(Schema.String, "The mask, as an address or `data:` address."),
  file_id: maybe(Schema.String, "The mask as an uploaded file.", "file-6f0a1c")
}))

const imageGeneration = object("ResponseImageGenerationTool", "Makes images.", () => ({
  type: is("image_generation"),
  model: maybe(Schema.String, "The model that makes them. Default: the vendor's.", "gpt-image-1"),
  action: maybe(among("generate", "edit", "auto"), "A new image, or a changed one. Default auto.", "generate"),
  quality: maybe(among("low", "medium", "high", "auto"), "How good. Default auto.", "low"),
  size: maybe(among("1024x1024", "1024x1536", "1536x1024", "auto"), "Pixels. Default auto.", "1024x1024"),
  output_format: maybe(among("png", "webp", "jpeg"), "The format. Default png.", "webp"),
  output_compression: maybe(Schema.Int, "How much of the quality is kept, 0 to 100. Default 100.", 80),
  moderation: maybe(among("auto", "low"), "How strictly it is moderated. Default auto.", "auto"),
  background: maybe(among("transparent", "opaque", "auto"), "What is behind. Default auto.", "opaque"),
  input_fidelity: maybeNull(among("high", "low"), "How closely it keeps to given images. Default low.", "high"),
  input_image_mask: maybe(imageMask(), "What is to be changed. Default: all."),
  partial_images: maybe(Schema.Int, "Images that are streamed on the way, 0 to 3. Default 0.", 2)
}))

const shell = object("ResponseShellTool", "Runs commands.", () => ({
  type: is("shell"),
  environment: maybeNull(
    either(shellContainer(), localEnvironment(), containerReference()),
    "Where: in a container of the vendor, or at the client."
  )
}))

const namespace = object("ResponseToolNamespace", "Tools that belong together.", () => ({
  type: is("namespace"),
  name: given(Schema.String, "Its name.", "crm"),
  description: given(Schema.String, "What they are for.", "Customers and orders."),
  tools: given(list(either(functionTool(), customTool())), "The tools.")
}))

const toolSearch = object("ResponseToolSearchTool", "Searches the tools that are deferred.", () => ({
  type: is("tool_search"),
  execution: maybe(among("server", "client"), "Who searches. Default server.", "server"),
  description: purpose(),
  parameters: schema("JSON Schema of what a client's search takes.")
}))

const plain = (identifier: string, description: string, type: string) =>
  object(identifier, description, () => ({ type: is(type) }))

export const tool = variants(
  "ResponseTool",
  "What the model may use. Those of other types reach the vendor too.",
  () => [
    functionTool(),
    mcpTool(),
    customTool(),
    fileSearch(),
    webSearch(),
    webSearchPreview(),
    codeInterpreter(),
    imageGeneration(),
    plain("ResponseComputerTool", "Uses a computer of the client.", "computer")(),
    computerPreview(),
    plain("ResponseLocalShellTool", "Runs commands at the client.", "local_shell")(),
    shell(),
    plain("ResponseApplyPatchTool", "Changes files at the client.", "apply_patch")(),
    namespace(),
    toolSearch()
  ]
)
