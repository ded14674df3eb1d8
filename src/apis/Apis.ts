/**
 * The APIs of Strata, in the order the documents show them. An API is one folder, and one line here.
 * One that answers by itself may use the services of those above it.
 */
import type { HttpApi } from "effect/http-api"
import * as StrataApi from "../kernel/http/StrataApi.ts"
import * as ModuleSet from "../kernel/modules/ModuleSet.ts"
import { AudioModule } from "./audio/AudioModule.ts"
import { BatchesModule } from "./batches/BatchesModule.ts"
import { ConnectorsModule } from "./connectors/ConnectorsModule.ts"
import { ConsumerGroupsModule } from "./consumer-groups/ConsumerGroupsModule.ts"
import { ConversationsModule } from "./conversations/ConversationsModule.ts"
import { EventsModule } from "./events/EventsModule.ts"
import { FileProcessorsModule } from "./file-processors/FileProcessorsModule.ts"
import { FilesModule } from "./files/FilesModule.ts"
import { ImagesModule } from "./images/ImagesModule.ts"
import { InferenceModule } from "./inference/InferenceModule.ts"
import { InspectModule } from "./inspect/InspectModule.ts"
import { InteractionsModule } from "./interactions/InteractionsModule.ts"
import { McpModule } from "./mcp/McpModule.ts"
import { MetricsModule } from "./metrics/MetricsModule.ts"
import { ModelsModule } from "./models/ModelsModule.ts"
import { ModerationsModule } from "./moderations/ModerationsModule.ts"
import { PromptsModule } from "./prompts/PromptsModule.ts"
import { ProvidersModule } from "./providers/ProvidersModule.ts"
import { ResponsesModule } from "./responses/ResponsesModule.ts"
import { SessionsModule } from "./sessions/SessionsModule.ts"
import { SkillsModule } from "./skills/SkillsModule.ts"
import { ToolGroupsModule } from "./tool-groups/ToolGroupsModule.ts"
import { ToolRuntimeModule } from "./tool-runtime/ToolRuntimeModule.ts"
import { TurnsModule } from "./turns/TurnsModule.ts"
import { UsageModule } from "./usage/UsageModule.ts"
import { VectorIoModule } from "./vector-io/VectorIoModule.ts"
import { VectorStoresModule } from "./vector-stores/VectorStoresModule.ts"

export const modules = [
  InferenceModule,
  ModerationsModule,
  AudioModule,
  ImagesModule,
  InteractionsModule,
  ModelsModule,
  ToolRuntimeModule,
  ToolGroupsModule,
  ConnectorsModule,
  FilesModule,
  FileProcessorsModule,
  VectorIoModule,
  VectorStoresModule,
  ConversationsModule,
  PromptsModule,
  SkillsModule,
  EventsModule,
  SessionsModule,
  TurnsModule,
  ResponsesModule,
  BatchesModule,
  ConsumerGroupsModule,
  UsageModule,
  McpModule,
  ProvidersModule,
  InspectModule,
  MetricsModule
] as const

export type Apis = (typeof modules)[number]

/** For clients: `HttpApiClient.make(Api)`. */
export const Api = StrataApi.make(ModuleSet.groupsOf(modules)) as unknown as HttpApi.HttpApi<
  typeof StrataApi.identifier,
  Apis["routes"]
>

/** What follows from the list: events, kinds of resources, tables, operations. */
export const apis: ModuleSet.ModuleSet = ModuleSet.make(modules)
