/** The blocks of tools that the vendor runs itself: calls, and what they gave. */
import { Schema } from "effect"
import { among, type Described, dictionary, either, given, is, list, maybeNull, object } from "../../DescribedFields.ts"
import { cacheControl, caller, document, toolReference } from "./Blocks.ts"

export const serverToolUse = object("AnthropicServerToolUse", "The model calls a tool of the vendor.", () => ({
  type: is("server_tool_use"),
  id: given(Schema.String, "The call's id: its result names it.", "srvtoolu_6f0a1c"),
  name: given(
    Schema.String,
    "web_search, web_fetch, code_execution, bash_code_execution, text_editor_code_execution, tool_search_tool_regex, " +
      "tool_search_tool_bm25.",
    "web_search"
  ),
  input: given(dictionary(Schema.Json), "What it is called with.", { query: "weather in Oslo" }),
  caller: caller(),
  ...cacheControl()
}))

const common = ["invalid_tool_input", "unavailable", "too_many_requests"]

const failure = (identifier: string, type: string, codes: ReadonlyArray<string>): Described =>
  object(identifier, "The tool failed.", () => ({
    type: is(type),
    error_code: given(among(...common, ...codes), "Why.", "unavailable"),
    error_message: maybeNull(Schema.String, "What happened.", "no such file")
  }))

const result = (
  identifier: string,
  description: string,
  type: string,
  content: () => Schema.Codec<unknown>
): Described =>
  object(identifier, description, () => ({
    type: is(type),
    tool_use_id: given(Schema.String, "The call that it answers.", "srvtoolu_6f0a1c"),
    content: given(content(), "What it gave, or why it failed."),
    caller: caller(),
    ...cacheControl()
  }))

const page = object("AnthropicWebPage", "A page that a search gave.", () => ({
  type: is("web_search_result"),
  url: given(Schema.String, "The page.", "https://example.org/weather"),
  title: given(Schema.String, "Its title.", "Weather in Oslo"),
  encrypted_content: given(Schema.String, "What it says, sealed. Send it back as it came.", "EqgfCioI"),
  page_age: maybeNull(Schema.String, "How old it is.", "2 days ago")
}))

export const webSearchResult = result(
  "AnthropicWebSearchResult",
  "What a search of the web gave.",
  "web_search_tool_result",
  () =>
    either(
      list(page()),
      failure("AnthropicWebSearchError", "web_search_tool_result_error", [
        "max_uses_exceeded",
        "query_too_long",
        "request_too_large"
      ])()
    )
)

const fetched = object("AnthropicFetchedPage", "A page that was fetched.", () => ({
  type: is("web_fetch_result"),
  url: given(Schema.String, "The page.", "https://example.org/weather"),
  content: given(document(), "What it says."),
  retrieved_at: maybeNull(Schema.String, "When it was fetched, ISO 8601.", "2026-11-27T07:00:00Z")
}))

export const webFetchResult = result(
  "AnthropicWebFetchResult",
  "What fetching a page gave.",
  "web_fetch_tool_result",
  () =>
    either(
      fetched(),
      failure("AnthropicWebFetchError", "web_fetch_tool_result_error", [
        "url_too_long",
        "url_not_allowed",
        "url_not_accessible",
        "unsupported_content_type",
        "max_uses_exceeded"
      ])()
    )
)

const file = (identifier: string, type: string) =>
  object(identifier, "A file that it made.", () => ({
    type: is(type),
    file_id: given(Schema.String, "The file.", "file_6f0a1c")
  }))

const codeFile = file("AnthropicCodeFile", "code_execution_output")

const ended = () => ({
  return_code: given(Schema.Int, "Its exit code; 0: it succeeded.", 0),
  stderr: given(Schema.String, "What it wrote of errors.", "")
})

export const codeExecutionResult = result(
  "AnthropicCodeExecutionResult",
  "What code gave.",
  "code_execution_tool_result",
  () =>
    either(
      object("AnthropicCodeOutput", "What it put out.", () => ({
        type: is("code_execution_result"),
        stdout: given(Schema.String, "What it wrote.", "42\n"),
        ...ended(),
        content: given(list(codeFile()), "Files that it made.")
      }))(),
      object("AnthropicSealedCodeOutput", "What it put out, sealed.", () => ({
        type: is("encrypted_code_execution_result"),
        encrypted_stdout: given(Schema.String, "What it wrote, sealed. Send it back as it came.", "EqgfCioI"),
        ...ended(),
        content: given(list(codeFile()), "Files that it made.")
      }))(),
      failure("AnthropicCodeError", "code_execution_tool_result_error", ["execution_time_exceeded"])()
    )
)

export const bashResult = result(
  "AnthropicBashResult",
  "What a command gave.",
  "bash_code_execution_tool_result",
  () =>
    either(
      object("AnthropicBashOutput", "What it put out.", () => ({
        type: is("bash_code_execution_result"),
        stdout: given(Schema.String, "What it wrote.", "42\n"),
        ...ended(),
        content: given(list(file("AnthropicBashFile", "bash_code_execution_output")()), "Files that it made.")
      }))(),
      failure("AnthropicBashError", "bash_code_execution_tool_result_error", [
        "execution_time_exceeded",
        "output_file_too_large"
      ])()
    )
)

const lines = (description: string) => maybeNull(Schema.Int, description, 1)

export const editorResult = result(
  "AnthropicEditorResult",
  "What an edit of a file gave.",
  "text_editor_code_execution_tool_result",
  () =>
    either(
      object("AnthropicEditorView", "A file, or part of it.", () => ({
        type: is("text_editor_code_execution_view_result"),
        file_type: given(among("text", "image", "pdf"), "What it is.", "text"),
        content: given(Schema.String, "What it says.", "hello\n"),
        num_lines: lines("Lines that are given."),
        start_line: lines("The first of them, from 1."),
        total_lines: lines("Lines that it has.")
      }))(),
      object("AnthropicEditorCreation", "A written file.", () => ({
        type: is("text_editor_code_execution_create_result"),
        is_file_update: given(Schema.Boolean, "true: it was there already.", false)
      }))(),
      object("AnthropicEditorReplacement", "A changed file.", () => ({
        type: is("text_editor_code_execution_str_replace_result"),
        lines: maybeNull(list(Schema.String), "The change, as lines of a diff.", ["-hello", "+hi"]),
        old_start: lines("Where it was, from 1."),
        old_lines: lines("How many lines it was."),
        new_start: lines("Where it is, from 1."),
        new_lines: lines("How many lines it is.")
      }))(),
      failure("AnthropicEditorError", "text_editor_code_execution_tool_result_error", [
        "execution_time_exceeded",
        "file_not_found"
      ])()
    )
)

export const toolSearchResult = result(
  "AnthropicToolSearchResult",
  "What a search of tools gave.",
  "tool_search_tool_result",
  () =>
    either(
      object("AnthropicFoundTools", "The tools.", () => ({
        type: is("tool_search_tool_search_result"),
        tool_references: given(list(toolReference()), "They may be called from here on.")
      }))(),
      failure("AnthropicToolSearchError", "tool_search_tool_result_error", ["execution_time_exceeded"])()
    )
)
