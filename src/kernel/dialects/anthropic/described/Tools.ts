/** What a model may use, in Anthropic's dialect. */
import { Schema } from "effect"
import {
  among,
  type Described,
  dictionary,
  given,
  is,
  list,
  maybe,
  maybeNull,
  object,
  variants
} from "../../DescribedFields.ts"
import { cacheControl } from "./Blocks.ts"

const every = () => ({
  ...cacheControl(),
  allowed_callers: maybe(
    list(among("direct", "code_execution_20250825", "code_execution_20260120")),
    "Who may call it: the model, or code that it runs. Default: the model.",
    ["direct"]
  ),
  defer_loading: maybe(
    Schema.Boolean,
    "true: the model learns of it only when it searches for tools. Default false.",
    false
  ),
  strict: maybe(Schema.Boolean, "Whether what it is called with always keeps to its schema. Default false.", true)
})

const examples = () => ({
  input_examples: maybe(list(dictionary(Schema.Json)), "What it may be called with.", [{ city: "Oslo" }])
})

const inputSchema = object("AnthropicInputSchema", "JSON Schema of what a tool is called with.", () => ({
  type: is("object"),
  properties: maybeNull(dictionary(Schema.Json), "By name, what it takes.", { city: { type: "string" } }),
  required: maybeNull(list(Schema.String), "What it can't do without.", ["city"])
}))

const custom = object("AnthropicCustomTool", "A tool of the client.", () => ({
  type: maybeNull(Schema.Literal("custom"), "`custom`; what has no type is one."),
  name: given(Schema.String, "Its name, up to 128 letters, digits, `_` and `-`.", "get_weather"),
  description: maybe(Schema.String, "What it is for: the model goes by it.", "The weather of a city."),
  input_schema: given(inputSchema(), "What it is called with.", { type: "object" }),
  eager_input_streaming: maybeNull(Schema.Boolean, "true: its input is streamed as it is written.", true),
  ...every(),
  ...examples()
}))

/** A tool that the vendor defines. */
const own = (
  identifier: string,
  description: string,
  [name, ...types]: readonly [name: string, ...types: ReadonlyArray<string>],
  fields: () => Readonly<Record<string, Schema.Struct.Fields[string]>> = () => ({})
): Described =>
  object(identifier, description, () => ({
    type: is(...types),
    name: is(name),
    ...every(),
    ...fields()
  }))

const times = () => maybeNull(Schema.Int, "How often it may be used in one request. Default: any.", 5)

const domains = () => ({
  allowed_domains: maybeNull(list(Schema.String), "Only these domains. Default: all.", ["example.org"]),
  blocked_domains: maybeNull(list(Schema.String), "All but these domains.", ["example.com"])
})

const location = object("AnthropicUserLocation", "Where the user is, roughly.", () => ({
  type: is("approximate"),
  country: maybeNull(Schema.String, "The country, ISO 3166-1 of two letters.", "NO"),
  region: maybeNull(Schema.String, "The region.", "Oslo"),
  city: maybeNull(Schema.String, "The city.", "Oslo"),
  timezone: maybeNull(Schema.String, "The time zone, by its IANA name.", "Europe/Oslo")
}))

const editor = "str_replace_based_edit_tool"

export const tool = variants(
  "AnthropicAnyTool",
  "What the model may use. Those without a type are the client's; others are defined by the vendor, and reach it.",
  () => [
    custom(),
    own("AnthropicBashTool", "Commands, run by the client.", ["bash", "bash_20250124"], examples)(),
    own("AnthropicMemoryTool", "A memory, kept by the client.", ["memory", "memory_20250818"], examples)(),
    own(
      "AnthropicEditorTool20250124",
      "Edits of files, made by the client.",
      ["str_replace_editor", "text_editor_20250124"],
      examples
    )(),
    own("AnthropicEditorTool", "Edits of files, made by the client.", [
      editor,
      "text_editor_20250429",
      "text_editor_20250728"
    ], () => ({
      ...examples(),
      max_characters: maybeNull(Schema.Int, "Most characters of a file that are given at once.", 10000)
    }))(),
    own("AnthropicCodeTool", "Code, run by the vendor.", [
      "code_execution",
      "code_execution_20250522",
      "code_execution_20250825",
      "code_execution_20260120"
    ])(),
    own(
      "AnthropicWebSearchTool",
      "Searches of the web, made by the vendor.",
      ["web_search", "web_search_20250305", "web_search_20260209"],
      () => ({ ...domains(), max_uses: times(), user_location: maybeNull(location(), "Where the user is.") })
    )(),
    own(
      "AnthropicWebFetchTool",
      "Pages of the web, fetched by the vendor.",
      ["web_fetch", "web_fetch_20250910", "web_fetch_20260209", "web_fetch_20260309"],
      () => ({
        ...domains(),
        max_uses: times(),
        max_content_tokens: maybeNull(Schema.Int, "Most tokens of a page. Default: all.", 10000),
        use_cache: maybe(Schema.Boolean, "Whether a kept page will do. Default true.", true),
        citations: maybeNull(
          object("AnthropicFetchCitations", "Whether answers cite the pages.", () => ({
            enabled: maybe(Schema.Boolean, "true: they do. Default false.", true)
          }))(),
          "Whether answers cite the pages."
        )
      })
    )(),
    own("AnthropicToolSearchTool", "Searches of tools by what they are about.", [
      "tool_search_tool_bm25",
      "tool_search_tool_bm25_20251119",
      "tool_search_tool_bm25"
    ])(),
    own("AnthropicToolPatternTool", "Searches of tools by a pattern.", [
      "tool_search_tool_regex",
      "tool_search_tool_regex_20251119",
      "tool_search_tool_regex"
    ])()
  ]
)

const alone = () => ({
  disable_parallel_tool_use: maybe(Schema.Boolean, "true: at most one tool is called at once. Default false.", false)
})

export const toolChoice = variants("AnthropicToolChoice", "Which tools are called.", () => [
  object("AnthropicAutomaticChoice", "The model chooses. The default.", () => ({ type: is("auto"), ...alone() }))(),
  object("AnthropicAnyChoice", "Some tool is called.", () => ({ type: is("any"), ...alone() }))(),
  object("AnthropicNamedChoice", "One tool is called.", () => ({
    type: is("tool"),
    name: given(Schema.String, "The tool.", "get_weather"),
    ...alone()
  }))(),
  object("AnthropicNoChoice", "None is called.", () => ({ type: is("none") }))()
])
