/** The source files without a test of their own at the same path, each with its reason. */
import { existsSync, globSync } from "node:fs"
import { basename } from "node:path"
import { untestedParts } from "./UntestedParts.ts"

/** `prompt-templates` as code names it: `PromptTemplates`. */
export const pascal = (folder: string) =>
  basename(folder).split("-").map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("")

/** Files without a test of their own, by the reason. */
export const untestedFiles: ReadonlyArray<{ readonly reason: string; readonly files: ReadonlyArray<string> }> = [
  {
    reason: "a real model in this process, where there is one: test/providers/inline/llama-cpp/LlamaCpp.test.ts",
    files: [
      "src/providers/inline/llama-cpp/LlamaEmbeddings.ts",
      "src/providers/inline/llama-cpp/LlamaEngine.ts",
      "src/providers/inline/llama-cpp/LlamaGeneration.ts",
      "src/providers/inline/llama-cpp/LlamaText.ts"
    ]
  },
  {
    reason: "the four files of an API, bound and asked through the whole server: test/server, test/apis/<api>",
    files: [
      ...globSync("src/apis/*/").flatMap((folder) =>
        ["", "Models", "Routes", "Handlers", "Module"].map((part) => `${folder}/${pascal(folder)}${part}.ts`)
          .filter((file) => existsSync(file))
      ),
      "src/apis/Apis.ts",
      "src/apis/sessions/SessionsLive.ts",
      "src/apis/inspect/InspectLive.ts",
      "src/apis/consumer-groups/ConsumerGroupsLive.ts"
    ]
  },
  {
    reason: "declarations only; a test would say the same once more",
    files: [
      "src/kernel/http/AccessDenied.ts",
      "src/kernel/http/RouteAnnotations.ts",
      "src/kernel/bytes/StreamDialect.ts",
      "src/kernel/authentication/Authentication.ts",
      "src/kernel/authentication/AuthenticationFailed.ts",
      "src/kernel/calls/AnswerFailure.ts",
      "src/kernel/calls/Call.ts",
      "src/kernel/calls/ReplayedCall.ts",
      "src/kernel/http/ProviderErrors.ts",
      "src/kernel/http/SessionErrors.ts",
      "src/kernel/http/StrataApi.ts",
      "src/kernel/provider/ProviderEntry.ts",
      "src/kernel/provider/ProviderModels.ts",
      "src/kernel/requests/RecordingOptions.ts",
      "src/kernel/requests/ReplayedRequest.ts",
      "src/kernel/requests/RequestFailure.ts",
      "src/kernel/requests/RequestSessions.ts",
      "src/events/types/SessionStream.ts",
      "src/kernel/requests/Stopping.ts",
      "src/kernel/resources/ModelType.ts",
      "src/kernel/resources/ModelRouting.ts",
      "src/kernel/resources/ResourceKinds.ts",
      "src/kernel/sessions/SessionId.ts",
      "src/kernel/sessions/SessionModels.ts",
      "src/kernel/sessions/SessionVerification.ts",
      "src/kernel/sessions/SessionVerifier.ts",
      "src/kernel/stack/CurrentPlan.ts",
      "src/kernel/http/DocumentPaths.ts",
      "src/kernel/http/HttpErrors.ts",
      "src/events/types/OpenSchema.ts",
      "src/kernel/http/ProviderUnavailable.ts",
      "src/kernel/http/Version.ts",
      "src/events/log/ConsumerGroups.ts",
      "src/kernel/contributions/ContributionEvents.ts",
      "src/events/log/EventLog.ts",
      "src/kernel/hooks/HookEvents.ts",
      "src/kernel/calls/KeyEvents.ts",
      "src/kernel/calls/LlmEvents.ts",
      "src/kernel/calls/StreamEvents.ts",
      "src/events/log/LogEvents.ts",
      "src/apis/models/ModelsEvents.ts",
      "src/events/log/PayloadRetention.ts",
      "src/kernel/access/PolicyEvents.ts",
      "src/events/types/Principal.ts",
      "src/events/types/SystemPrincipal.ts",
      "src/kernel/resources/ResourceEvents.ts",
      "src/events/log/ProjectionTables.ts",
      "src/kernel/provider/ProviderEvents.ts",
      "src/events/log/QuotaCounters.ts",
      "src/kernel/sessions/SessionEvents.ts",
      "src/events/log/LogAdapter.ts",
      "src/events/types/Traffic.ts",
      "src/kernel/provider/PlannedProvider.ts",
      "src/kernel/stack/StackErrors.ts",
      "src/kernel/provider/StartTimes.ts",
      "src/kernel/stack/Supervision.ts",
      "src/apis/inference/InferenceApi.ts",
      "src/apis/inference/TokenCountEvents.ts",
      "src/kernel/calls/CompletionEvents.ts",
      "src/kernel/dialects/Dialect.ts",
      "src/kernel/dialects/NotOfDialect.ts",
      "src/kernel/dialects/WireCall.ts",
      "src/kernel/dialects/chat/Wire.ts",
      "src/kernel/dialects/chat/SentWire.ts",
      "src/kernel/dialects/chat/LooseWire.ts",
      "src/kernel/dialects/anthropic/Wire.ts",
      "src/kernel/dialects/anthropic/SentWire.ts",
      "src/kernel/dialects/gemini/Wire.ts",
      "src/kernel/dialects/gemini/SentWire.ts",
      "src/kernel/resources/ReplayRegistrations.ts",
      "src/kernel/resources/Resource.ts",
      "src/kernel/resources/ResourceOptions.ts",
      "src/kernel/resources/ResourceProvider.ts",
      "src/kernel/calls/NextReplayCall.ts",
      "src/providers/remote/strata/StrataConfig.ts",
      "src/server/Authenticator.ts",
      "src/server/Refused.ts",
      "src/server/ServerOptions.ts"
    ]
  },
  {
    reason: "the canonical message model: test/kernel/messages/Messages.property.test.ts sends all of it through JSON",
    files: globSync("src/kernel/messages/*.ts")
  },
  {
    reason: "stands around calls: proved by the tests of whole servers in test/kernel/reliability",
    files: globSync(
      "src/kernel/reliability/{AnswerEnd,BreakerReports,ConfiguredReliability,LimitsConfiguration,*Events,Refusal}.ts"
    )
  },
  {
    reason: "wiring only: every test of the whole server runs through it",
    files: [
      "src/cli/Events.ts",
      "src/main.ts",
      "src/providers/Registry.ts",
      "src/server/HttpApp.ts",
      "src/server/HttpServer.ts",
      "src/server/Services.ts"
    ]
  },
  {
    reason: "surrounds every request: proved by the answers and the log in test/server",
    files: [
      "src/kernel/http/CommonFailures.ts",
      "src/kernel/http/FailureMap.ts",
      "src/apis/consumer-groups/ConsumerGroupErrors.ts",
      "src/apis/inference/InferenceErrors.ts",
      "src/kernel/calls/VendorWords.ts",
      "src/kernel/bytes/WholeBody.ts",
      "src/kernel/requests/AwaitedStream.ts",
      "src/kernel/requests/RequestIds.ts",
      "src/server/AwaitedAnswer.ts",
      "src/server/Documents.ts",
      "src/server/ErrorResponses.ts",
      "src/server/OperationFinder.ts",
      "src/kernel/requests/RecordedStream.ts",
      "src/server/RequestPipeline.ts",
      "src/kernel/requests/RequestRecord.ts",
      "src/server/RequestRun.ts",
      "src/server/RequestContext.ts",
      "src/server/RequestHeaders.ts",
      "src/server/LoadedApis.ts",
      "src/server/SchemaErrors.ts"
    ]
  },
  {
    reason: "an adapter of the log: proved by the contract suites that its store runs",
    files: globSync("src/events/{memory,sqlite,postgres}/*.ts").filter((file) => !file.endsWith("Store.ts"))
  },
  {
    reason: "the tables of the log: proved over real traffic by test/kernel/Projections.test.ts",
    files: [
      "src/kernel/provider/ProviderProjection.ts",
      "src/kernel/sessions/SessionProjection.ts"
    ]
  },
  {
    reason:
      "the parts of a dialect, proved by round trips of all that it says: test/kernel/dialects/gemini/GeminiDialect",
    files: [
      ...["CallIds", "FunctionResponse", "GenerationConfig", "Images", "LowerContents", "LowerPart", "LowerRequest"]
        .map((name) => `src/kernel/dialects/gemini/${name}.ts`),
      ...["LowerResponse", "LowerStream", "ProtoNames", "RaiseContents", "RaisePart", "RaiseRequest", "RaiseResponse"]
        .map((name) => `src/kernel/dialects/gemini/${name}.ts`),
      ...["RaiseStream", "SealedBehind", "Signatures", "StreamedAnswer", "WireTools", "WireUsage", "CountedTokens"]
        .map((name) => `src/kernel/dialects/gemini/${name}.ts`)
    ]
  },
  {
    reason: "a part of one other file, proved by that file's test",
    files: [
      "src/apis/inference/InferenceCalls.ts",
      "src/kernel/dialects/DialectStream.ts",
      "src/kernel/modules/ApiHandlers.ts",
      "src/kernel/modules/ModuleSet.ts",
      "src/kernel/sessions/EventPages.ts",
      "src/kernel/sessions/SessionContext.ts",
      "src/kernel/stack/IdleInstances.ts",
      "src/events/projections/RowFilterSql.ts",
      "src/kernel/access/AccessResource.ts",
      "src/kernel/access/QuotaConfiguration.ts",
      "src/kernel/stack/SupervisionConfiguration.ts",
      "src/server/ApiKeyAuthentication.ts",
      "src/events/log/Draft.ts",
      "src/events/log/ReadAll.ts",
      "src/events/projections/ProjectionFold.ts",
      "src/kernel/issues/FailureText.ts",
      "src/kernel/replay/NetworkPeer.ts",
      "src/kernel/provider/Instance.ts",
      "src/kernel/stack/InstanceStart.ts",
      "src/kernel/provider/MaskedConfiguration.ts",
      "src/apis/providers/ProviderDescription.ts",
      "src/kernel/configuration/SkippedProviders.ts",
      "src/kernel/configuration/YamlTree.ts",
      "src/kernel/http/EventText.ts",
      "src/cli/SessionAccess.ts",
      ...["DoneFrame", "LowerMessage", "LowerResponse", "LowerStream", "RaiseMessage", "RaiseRequest"]
        .map((name) => `src/kernel/dialects/chat/${name}.ts`),
      ...["RaiseResponse", "RaiseStream", "ToolCallPieces", "WireConversation", "WireUsage"]
        .map((name) => `src/kernel/dialects/chat/${name}.ts`),
      ...["FinishReason", "ImageUrl", "Losses", "OpenBlocks", "ReasoningEffort", "ThoughtPieces", "ThoughtSignature"]
        .map((name) => `src/kernel/dialects/chat/${name}.ts`),
      "src/kernel/dialects/chat/ToolArguments.ts",
      ...[
        "Limits",
        "LowerItem",
        "LowerMessage",
        "LowerPart",
        "LowerReasoning",
        "LowerResponse",
        "LowerStream",
        "OpenItem"
      ]
        .map((name) => `src/kernel/dialects/responses/${name}.ts`),
      ...["RaiseItem", "RaisePart", "RaiseReasoning", "RaiseRequest", "RaiseResponse", "RaiseStream", "StreamedItems"]
        .map((name) => `src/kernel/dialects/responses/${name}.ts`),
      ...["ResponsesErrors", "ResponsesSummary", "Wire", "WireUsage"]
        .map((name) => `src/kernel/dialects/responses/${name}.ts`),
      "src/kernel/contributions/Channel.ts",
      "src/kernel/hooks/Hook.ts",
      "src/kernel/hooks/HookRecord.ts",
      "src/kernel/calls/VendorCall.ts",
      "src/kernel/calls/CallRecord.ts",
      "src/kernel/calls/RecordingResponse.ts",
      "src/providers/remote/strata/StrataConnection.ts"
    ]
  },
  {
    reason:
      "asked through the whole server: test/apis/sessions, test/server/SessionDoors.test.ts, test/cli/Sessions.test.ts",
    files: [
      "src/cli/Fork.ts",
      "src/cli/LocalSessions.ts",
      "src/cli/RemoteSessions.ts",
      "src/kernel/sessions/SessionExport.ts",
      "src/kernel/sessions/ImportedParts.ts",
      "src/kernel/sessions/SessionFiles.ts",
      "src/kernel/sessions/SessionForking.ts",
      "src/kernel/sessions/SessionReads.ts",
      "src/kernel/sessions/SessionReplay.ts",
      "src/kernel/sessions/SessionImport.ts",
      "src/kernel/sessions/SessionImportPlan.ts",
      "src/kernel/sessions/VisibleRegistrations.ts"
    ]
  },
  {
    reason: "the registry of models: proved with the other pairs by test/kernel/resources, and over HTTP by ModelsLive",
    files: [
      "src/kernel/http/ResourceErrors.ts",
      "src/apis/models/ModelsKind.ts",
      "src/apis/models/ModelRegistry.ts",
      "src/kernel/resources/ResourceEditing.ts",
      "src/kernel/resources/ResourceKind.ts",
      "src/kernel/resources/StoredAttributes.ts"
    ]
  },
  {
    reason: "what a command prints and reads: proved by the commands in test/cli",
    files: [
      "src/cli/Banner.ts",
      "src/cli/ConfigCommand.ts",
      "src/cli/InitAnswers.ts",
      "src/cli/InitFiles.ts",
      "src/cli/InitTrial.ts",
      "src/cli/EventLine.ts",
      "src/cli/EventsFollowing.ts",
      "src/cli/LocalLog.ts",
      "src/cli/Failure.ts",
      "src/cli/ProviderSource.ts",
      "src/cli/ProviderTypeText.ts",
      "src/cli/ServerClient.ts",
      "src/cli/Settings.ts",
      "src/cli/StarterConfiguration.ts",
      "src/cli/VerifyReport.ts"
    ]
  },
  {
    reason: "the parts of the client that reaches vendors: proved over sockets by test/kernel/client/VendorClient",
    files: [
      "src/kernel/client/Connections.ts",
      "src/kernel/client/Exchange.ts",
      "src/kernel/client/RequestTarget.ts",
      "src/kernel/client/TimeLimitExceeded.ts",
      "src/kernel/client/VendorResponse.ts"
    ]
  },
  ...untestedParts
]
