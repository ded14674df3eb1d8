/** Parts of dialects, and of what asks vendors: the source files that are tested with the whole, each with its reason. */
import { globSync } from "node:fs"
import { untestedStores } from "./UntestedStores.ts"

const inRoom = (dialect: string, names: string) =>
  names.split(" ").map((name) => `src/kernel/dialects/${dialect}/${name}.ts`)

const inFolder = (folder: string, names: string) => names.split(" ").map((name) => `src/${folder}/${name}.ts`)

const bridge = "BlockState FileBlock GenAiAttributes InProcessClient ModelFailure ModelRequest PromptMessages " +
  "ResponseParts ResponseStream"

export const untestedParts: ReadonlyArray<{ readonly reason: string; readonly files: ReadonlyArray<string> }> = [
  {
    reason: "what is passed on: proved by OpenAI's client before whole servers in test/apis/{audio,images,moderations}",
    files: [
      ...globSync("src/apis/{audio,images,moderations}/*{Events,Operation,Operations,Live}.ts"),
      ...globSync("src/apis/inference/Media*.ts"),
      "src/kernel/media/FormPayload.ts",
      "src/kernel/media/MediaOperation.ts",
      "src/kernel/media/MediaVendor.ts"
    ]
  },
  {
    reason: "what providers of web search have in common: test/support/webSearchContract.ts, in test/providers/remote",
    files: ["src/apis/tool-runtime/WebSearchProvider.ts"]
  },
  {
    reason: "what the document says of wires: held against it and real traffic by DescribedWire.document, " +
      "DescribedFields.recordings",
    files: globSync("src/kernel/dialects/*/described/*.ts")
  },
  {
    reason: "parts of `strata chat`, which test/cli/ChatCommand.test.ts runs as a process",
    files: ["Input", "Loop", "Server", "Turn"].map((name) => `src/cli/Chat${name}.ts`)
  },
  {
    reason: "the types of what a stored fact says, which test/events/facts/FactCodec.test.ts writes and reads",
    files: ["src/events/facts/FactEntries.ts"]
  },
  {
    reason: "the parts of conditions, all of which test/kernel/conditions/Condition.test.ts writes",
    files: ["Check", "Functions", "Scope", "Type"].map((name) => `src/kernel/conditions/Condition${name}.ts`)
  },
  {
    reason: "what conditions of targets are asked about: test/apis/inference/VirtualModel.conditions.test.ts",
    files: ["src/apis/inference/RoutingScope.ts", "src/apis/inference/TargetConditions.ts"]
  },
  {
    reason: "the bridge to effect/ai, asked over both layers: test/apis/inference/bridge/StrataLanguageModel.test.ts",
    files: bridge.split(" ").map((name) => `src/apis/inference/bridge/${name}.ts`)
  },
  {
    reason: "parts of the turn loop, run by it: test/kernel/turn/TurnLoop.test.ts, and by any script in its property",
    files: ["Approvals", "ToolCalls", "TurnEnd", "TurnModel", "TurnRun", "TurnTools"]
      .map((name) => `src/kernel/turn/${name}.ts`)
  },
  {
    reason: "turns as they are read and answered, through the whole server: test/apis/turns/TurnsLive.test.ts",
    files: [
      ...["TurnAnswer", "TurnErrors", "TurnFrames", "TurnPortsLive"]
        .map((name) => `src/apis/turns/${name}.ts`),
      "src/kernel/sessions/SessionLog.ts"
    ]
  },
  {
    reason: "declarations of turns; a test would say the same once more",
    files: ["TurnEvents", "TurnPorts", "TurnSettings", "TurnUpdate"].map((name) => `src/kernel/turn/${name}.ts`)
  },
  {
    reason: "declarations of what clients keep; a test would say the same once more",
    files: [
      ...inFolder("apis/conversations", "ConversationEvents"),
      ...inFolder("apis/inference", "StoredCompletionEvents StoredCompletionsModels StoredCompletionsRoutes"),
      ...inFolder("apis/prompts", "PromptEvents"),
      ...inFolder("apis/skills", "SkillEvents"),
      ...inFolder("kernel/http", "AnswerErrors DocumentRoutes")
    ]
  },
  {
    reason: "the parts of what clients keep, through the whole server: the contract of " +
      "test/kernel/documents/DocumentKind.test.ts, and test/apis/conversations, inference, prompts, skills",
    files: [
      ...inFolder("apis/conversations", "ConversationsKind"),
      ...inFolder("apis/inference", "StoredCompletionsHandlers StoredCompletionsKind StoringAnswer"),
      ...inFolder("apis/prompts", "PromptsKind"),
      ...inFolder("apis/skills", "SkillsKind SkillUpload ZipWriter"),
      ...inFolder("kernel/documents", "DocumentTime")
    ]
  },
  {
    reason: "declarations of tools; a test would say the same once more",
    files: [
      ...inFolder("apis/tool-groups", "ToolGroupsEvents"),
      ...inFolder("apis/tool-runtime", "ToolEvents ToolListEvents ToolRuntimeApi"),
      ...inFolder("kernel/tools", "ToolCallResult ToolDefinition ToolFailure ToolHost"),
      ...inFolder("kernel/resources", "McpEndpoint")
    ]
  },
  {
    reason: "the parts of tools, asked through a whole server: test/apis/tool-runtime, test/apis/tool-groups, " +
      "test/providers/inline/code, test/providers/remote/http, and the contract test/support/toolContract",
    files: [
      ...inFolder("apis/tool-groups", "ToolGroupRegistry ToolGroupsKind"),
      ...inFolder("apis/tool-runtime", "CodeToolProvider ToolCalls ToolAnswers ToolHooks ToolRuntimeErrors ToolSearch"),
      ...inFolder("kernel/tools", "ToolArguments ToolContributions ToolSchema"),
      ...inFolder("providers/remote/http", "HttpToolRequest HttpToolResult HttpToolsConfig")
    ]
  },
  {
    reason: "the parts of an MCP client, against real and hostile servers: " +
      "test/providers/remote/model-context-protocol/McpServer, ModelContextProtocol",
    files: inFolder(
      "providers/remote/model-context-protocol",
      "BoundedFetch McpConfig McpConnectors McpContent McpFailure McpSession StdioTransport"
    )
  },
  {
    reason: "the parts of the MCP server, against the conformance suite and the SDK: test/apis/mcp/McpLive",
    files: inFolder(
      "apis/mcp",
      "LogTools McpCalls McpContributions McpEventStore McpProtocol McpRequests McpResults McpSessions"
    )
  },
  {
    reason: "the section of a configuration: test/kernel/configuration/Configuration.test.ts",
    files: inFolder("kernel/work", "WorkConfiguration")
  },
  {
    reason: "the parts of a dialect, in both of its forms: test/kernel/dialects/interactions/InteractionsDialect",
    files: inRoom(
      "interactions",
      "Ending Errors GenerationConfig LowerRequest LowerResponse LowerStep LowerStream RaiseMessages RaiseRequest " +
        "RaiseResponse RaiseStep RaiseStream ResponseForm Status Steps StreamedSteps Summary Tools Wire " +
        "WireConversation WireUsage"
    )
  },
  {
    reason: "interactions through the whole server and Google's SDK: test/apis/interactions/Interactions",
    files: [
      ...inFolder(
        "apis/interactions",
        "InteractionAnswer InteractionEvents InteractionsKind InteractionsLive InteractionWork"
      ),
      ...inFolder("apis/inference", "VendorRefusal")
    ]
  },
  {
    reason: "the parts of a dialect, which its tests raise and lower: test/kernel/dialects/anthropic/AnthropicDialect",
    files: [
      ...["BlockEvents", "CacheMarks", "LowerBlock", "LowerRequest", "LowerResponse", "LowerStream"]
        .map((name) => `src/kernel/dialects/anthropic/${name}.ts`),
      ...["OutputFormat", "RaiseBlock", "RaiseRequest", "RaiseResponse", "RaiseStream", "SealedBlock", "StopFrame"]
        .map((name) => `src/kernel/dialects/anthropic/${name}.ts`),
      ...["StopReason", "ThinkingConfig", "ToolIds", "WireFields", "WireTools", "WireUsage"]
        .map((name) => `src/kernel/dialects/anthropic/${name}.ts`)
    ]
  },
  {
    reason: "declarations of embeddings and reranking; a test would say the same once more",
    files: [
      "src/apis/inference/EmbeddingEvents.ts",
      "src/apis/inference/RerankEvents.ts",
      "src/kernel/calls/ValueEvents.ts",
      "src/kernel/dialects/completions/CompletionsWire.ts",
      "src/kernel/embeddings/EmbeddingDialect.ts",
      "src/kernel/embeddings/EmbeddingsWire.ts",
      "src/kernel/rerank/RerankDialect.ts",
      "src/kernel/rerank/RerankWire.ts",
      "src/providers/inline/sentence-transformers/EmbeddingMessages.ts"
    ]
  },
  {
    reason:
      "what asks for embeddings, orders and texts, asked through a whole server: test/kernel/embeddings/EmbeddingVendor, " +
      "test/kernel/rerank/RerankVendor, test/kernel/dialects/completions, test/apis/inference/ValueOperations",
    files: [
      "src/apis/inference/ValueCalls.ts",
      "src/apis/inference/VendorOperations.ts",
      "src/kernel/dialects/ValueVendor.ts",
      ...["PromptContext", "TextChoices"].map((name) => `src/kernel/dialects/completions/${name}.ts`),
      ...["EmbeddingSummary", "GeminiEmbeddings", "OllamaEmbeddings", "RaisedLists"]
        .map((name) => `src/kernel/embeddings/${name}.ts`),
      "src/kernel/embeddings/TextEmbeddingsInference.ts",
      ...["CohereRerank", "LlamaStackRerank", "NvidiaRerank", "RerankAnswer", "RerankSummary", "RerankTexts"]
        .map((name) => `src/kernel/rerank/${name}.ts`),
      "src/kernel/rerank/TextEmbeddingsInferenceRerank.ts"
    ]
  },
  {
    reason:
      "durable work as a whole, in one process and in several: test/kernel/work/Work.test.ts, WorkProcesses.test.ts",
    files: [
      "src/kernel/work/WorkAttempt.ts",
      "src/kernel/work/WorkEngine.ts",
      "src/kernel/work/WorkProjection.ts",
      "src/kernel/work/StoppableAttempts.ts",
      "src/cli/WorkStorage.ts"
    ]
  },
  {
    reason: "the parts of documents, made, listed and replayed: test/kernel/documents/Documents.test.ts",
    files: ["DocumentErrors", "DocumentKind", "ReplayDocuments"]
      .map((name) => `src/kernel/documents/${name}.ts`)
  },
  {
    reason: "declarations of durable work; a test would say the same once more",
    files: ["Database", "Events", "Failure", "Kind", "Task"].map((name) => `src/kernel/work/Work${name}.ts`)
  },
  {
    reason: "a program of a thread, run by test/providers/inline/sentence-transformers/EmbeddingThread",
    files: ["src/providers/inline/sentence-transformers/EmbeddingWorker.ts"]
  },
  {
    reason: "the parts of a dialect, which its tests raise and lower: test/kernel/dialects/ollama/OllamaDialect",
    files: inRoom(
      "ollama",
      "CallIds ContextInjection DoneReason Limits LowerMessage LowerRequest LowerResponse LowerStream OllamaEnding " +
        "OllamaErrors OllamaSummary RaiseMessage RaiseRequest RaiseResponse RaiseStream RunOptions SentWire " +
        "StreamedAnswer Wire WireConversation WireUsage"
    )
  },
  {
    reason: "the parts of a dialect, which its tests raise and lower: test/kernel/dialects/bedrock/BedrockDialect",
    files: inRoom(
      "bedrock",
      "BedrockEnding BedrockErrors BedrockSummary CachePoints ContextInjection InferenceConfig Limits LowerBlock " +
        "LowerRequest LowerResponse LowerStream LowerTurns ModelFamily ModelFields RaiseBlock RaiseRequest " +
        "RaiseResponse RaiseStream SentWire StopReason StreamedMessage Wire WireConversation WireTools WireUsage"
    )
  },
  {
    reason: "parts of batches: proved through the whole server, with three clients, a kill and verifications, by " +
      "test/apis/batches",
    files: [
      ...inFolder(
        "apis/batches",
        "BatchAnswers BatchAsking BatchEndpoints BatchErrors BatchEventPages BatchEvents BatchFiles BatchInput BatchKind " +
          "BatchObject BatchRun BatchStore BatchValidation BatchWork FileBatches MessageBatchObject MessageBatchResults " +
          "MessageBatchesModels"
      ),
      ...inFolder("kernel/modules", "InProcessOperations")
    ]
  },
  {
    reason:
      "parts of responses: proved through the whole server, with five clients, by test/apis/responses and by its verification",
    files: [
      "src/apis/responses/BackgroundResponses.ts",
      "src/apis/responses/ResponseCompaction.ts",
      "src/apis/responses/ResponseContext.ts",
      "src/apis/responses/ResponseErrors.ts",
      "src/apis/responses/ResponseEvents.ts",
      "src/apis/responses/ResponseFailures.ts",
      "src/apis/responses/ResponseFrames.ts",
      "src/apis/responses/ResponseKind.ts",
      "src/apis/responses/ResponseObject.ts",
      "src/apis/responses/ResponseReading.ts",
      "src/apis/responses/ResponseRun.ts",
      "src/apis/responses/ResponseTools.ts",
      "src/apis/responses/ResponseWork.ts",
      "src/apis/responses/ResponseWriter.ts",
      "src/apis/tool-runtime/ToolServers.ts",
      "src/kernel/dialects/responses/StreamWriter.ts"
    ]
  },
  ...untestedStores
]
