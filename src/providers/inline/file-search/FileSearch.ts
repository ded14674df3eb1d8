/** `inline::file-search`: the vector stores of this server, as a tool. */
import * as CodeToolProvider from "../../../apis/tool-runtime/CodeToolProvider.ts"
import { ToolRuntimeApi } from "../../../apis/tool-runtime/ToolRuntimeApi.ts"
import * as FileSearchTool from "../../../apis/vector-stores/FileSearchTool.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"

export const FileSearch = Provider.make({
  api: ToolRuntimeApi,
  type: "inline::file-search",
  displayName: "Search in files",
  description: "Searches the vector stores of this server: a tool for turns, for clients of tools, and over MCP.",
  config: CodeToolProvider.Config,
  requires: [],
  capabilities: ["tools"],
  status: { status: "proven", against: "vector stores in this process, in the tests" },
  layer: ({ timeout_ms }, { provider_id }) =>
    CodeToolProvider.contributed(FileSearchTool.channel, provider_id, timeout_ms)
})
