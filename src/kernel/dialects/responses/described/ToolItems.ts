/** Items of calls that a client, or an MCP server, answers. */
import { Schema } from "effect"
import { among, given, givenOrNull, is, list, maybe, maybeNull, object } from "../../DescribedFields.ts"
import { createdBy, id, status } from "./MessageItems.ts"
import { toolOutput } from "./Parts.ts"
import { tool } from "./Tools.ts"

export const callId = () =>
  given(Schema.String, "The call's id, up to 64 characters: its output names it.", "call_6f0a1c")

const callIdOrNull = () =>
  maybeNull(Schema.String, "The call's id: its output names it. Null: the vendor searched.", "call_6f0a1c")

const namespace = () => maybeNull(Schema.String, "The namespace of the tool, where it has one.", "crm")

const argumentsText = () => given(Schema.String, "The arguments as the model wrote them, JSON.", "{\"city\":\"Oslo\"}")

export const functionCall = object("ResponseFunctionCall", "The model calls a function of the client.", () => ({
  type: is("function_call"),
  id: id("fc_6f0a1c"),
  call_id: callId(),
  namespace: namespace(),
  name: given(Schema.String, "The function's name.", "get_weather"),
  arguments: argumentsText(),
  status: status(),
  created_by: createdBy()
}))

export const functionCallOutput = object("ResponseFunctionCallOutput", "What a function gave back.", () => ({
  type: is("function_call_output"),
  id: id("fco_6f0a1c"),
  call_id: callId(),
  output: toolOutput(),
  status: status(),
  created_by: createdBy()
}))

export const customToolCall = object("ResponseCustomToolCall", "The model calls a tool that takes text.", () => ({
  type: is("custom_tool_call"),
  id: id("ctc_6f0a1c"),
  call_id: callId(),
  namespace: namespace(),
  name: given(Schema.String, "The tool's name.", "run_query"),
  input: given(Schema.String, "What it is called with.", "SELECT 1"),
  status: status(),
  created_by: createdBy()
}))

export const customToolCallOutput = object("ResponseCustomToolCallOutput", "What such a tool gave back.", () => ({
  type: is("custom_tool_call_output"),
  id: id("ctco_6f0a1c"),
  call_id: callId(),
  output: toolOutput(),
  status: status(),
  created_by: createdBy()
}))

const execution = () =>
  maybe(among("server", "client"), "Who searches: the vendor, or the client. Default server.", "server")

export const toolSearchCall = object("ResponseToolSearchCall", "The model looks for tools.", () => ({
  type: is("tool_search_call"),
  id: id("tsc_6f0a1c"),
  call_id: callIdOrNull(),
  execution: execution(),
  arguments: given(Schema.Json, "What it looks for.", { query: "weather" }),
  status: status(),
  created_by: createdBy()
}))

export const toolSearchOutput = object("ResponseToolSearchOutput", "The tools of a search.", () => ({
  type: is("tool_search_output"),
  id: id("tso_6f0a1c"),
  call_id: callIdOrNull(),
  execution: execution(),
  tools: given(list(tool()), "These may be called from here on."),
  status: status(),
  created_by: createdBy()
}))

const serverLabel = () => given(Schema.String, "The MCP server, as the request's `tools` label it.", "weather")

const toolName = () => given(Schema.String, "The tool's name on that server.", "get_forecast")

const listedTool = object("ResponseMcpListedTool", "A tool of an MCP server.", () => ({
  name: given(Schema.String, "Its name.", "get_forecast"),
  description: maybeNull(Schema.String, "What it is for.", "The weather of the next days."),
  input_schema: given(Schema.Json, "JSON Schema of its arguments.", { type: "object" }),
  annotations: maybeNull(Schema.Json, "What the server says besides, such as `readOnlyHint`.", { readOnlyHint: true })
}))

export const mcpListTools = object("ResponseMcpListTools", "The tools that an MCP server has.", () => ({
  type: is("mcp_list_tools"),
  id: id("mcpl_6f0a1c"),
  server_label: serverLabel(),
  tools: given(list(listedTool()), "Its tools, those alone that the request allows."),
  error: maybeNull(Schema.Json, "Why they could not be listed.", "the server does not answer")
}))

export const mcpCall = object("ResponseMcpCall", "A call of an MCP server's tool, which is made here.", () => ({
  type: is("mcp_call"),
  id: id("mcp_6f0a1c"),
  server_label: serverLabel(),
  name: toolName(),
  arguments: argumentsText(),
  output: maybeNull(Schema.String, "What it gave back.", "{\"celsius\": 7}"),
  error: maybeNull(Schema.Json, "Why it failed.", "no such city"),
  status: status("calling", "failed"),
  approval_request_id: maybeNull(Schema.String, "The request that was approved for it.", "mcpr_6f0a1c")
}))

export const mcpApprovalRequest = object(
  "ResponseMcpApprovalRequest",
  "A call of an MCP server's tool waits for an approval: answer it in the next request.",
  () => ({
    type: is("mcp_approval_request"),
    id: id("mcpr_6f0a1c"),
    server_label: serverLabel(),
    name: toolName(),
    arguments: argumentsText()
  })
)

export const mcpApprovalResponse = object("ResponseMcpApprovalResponse", "The answer to such a request.", () => ({
  type: is("mcp_approval_response"),
  id: id("mcpa_6f0a1c"),
  approval_request_id: given(Schema.String, "The request.", "mcpr_6f0a1c"),
  approve: given(Schema.Boolean, "true: the call is made. false: the model learns that it is not.", true),
  reason: maybeNull(Schema.String, "Why.", "Not this city.")
}))

export const imageGenerationCall = object("ResponseImageGenerationCall", "An image that a model makes.", () => ({
  type: is("image_generation_call"),
  id: id("ig_6f0a1c"),
  status: maybe(among("in_progress", "generating", "completed", "failed"), "How far it is.", "completed"),
  result: givenOrNull(Schema.String, "The image's bytes in base64; null while it is made.", "iVBORw0KGgo=")
}))
