/** The catalog is complete and consistent: what is recorded stands in it, once, described. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import * as SpeechEvents from "../../../src/apis/audio/SpeechEvents.ts"
import * as TranscriptionEvents from "../../../src/apis/audio/TranscriptionEvents.ts"
import * as BatchEvents from "../../../src/apis/batches/BatchEvents.ts"
import * as ConversationEvents from "../../../src/apis/conversations/ConversationEvents.ts"
import * as FileProcessorEvents from "../../../src/apis/file-processors/FileProcessorEvents.ts"
import * as FilesEvents from "../../../src/apis/files/FilesEvents.ts"
import * as ImageEvents from "../../../src/apis/images/ImageEvents.ts"
import * as EmbeddingEvents from "../../../src/apis/inference/EmbeddingEvents.ts"
import * as RerankEvents from "../../../src/apis/inference/RerankEvents.ts"
import * as StoredCompletionEvents from "../../../src/apis/inference/StoredCompletionEvents.ts"
import * as TokenCountEvents from "../../../src/apis/inference/TokenCountEvents.ts"
import * as VendorBatchEvents from "../../../src/apis/inference/VendorBatchEvents.ts"
import * as InteractionEvents from "../../../src/apis/interactions/InteractionEvents.ts"
import * as ModelsEvents from "../../../src/apis/models/ModelsEvents.ts"
import * as ModerationEvents from "../../../src/apis/moderations/ModerationEvents.ts"
import * as PromptEvents from "../../../src/apis/prompts/PromptEvents.ts"
import * as ResponseEvents from "../../../src/apis/responses/ResponseEvents.ts"
import * as SkillEvents from "../../../src/apis/skills/SkillEvents.ts"
import { ToolGroupsEvents } from "../../../src/apis/tool-groups/ToolGroupsEvents.ts"
import * as ToolEvents from "../../../src/apis/tool-runtime/ToolEvents.ts"
import * as ToolListEvents from "../../../src/apis/tool-runtime/ToolListEvents.ts"
import * as VectorEvents from "../../../src/apis/vector-io/VectorEvents.ts"
import * as VectorStoresEvents from "../../../src/apis/vector-stores/VectorStoresEvents.ts"
import * as LogEvents from "../../../src/events/log/LogEvents.ts"
import { includes } from "../../../src/events/types/Event.ts"
import type { Definition } from "../../../src/events/types/Event.ts"
import * as PolicyEvents from "../../../src/kernel/access/PolicyEvents.ts"
import * as CompletionEvents from "../../../src/kernel/calls/CompletionEvents.ts"
import * as KeyEvents from "../../../src/kernel/calls/KeyEvents.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import * as StreamEvents from "../../../src/kernel/calls/StreamEvents.ts"
import * as ContributionEvents from "../../../src/kernel/contributions/ContributionEvents.ts"
import * as HookEvents from "../../../src/kernel/hooks/HookEvents.ts"
import * as ProviderEvents from "../../../src/kernel/provider/ProviderEvents.ts"
import * as BreakerEvents from "../../../src/kernel/reliability/BreakerEvents.ts"
import * as ReliabilityEvents from "../../../src/kernel/reliability/ReliabilityEvents.ts"
import * as RoutingEvents from "../../../src/kernel/reliability/RoutingEvents.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import * as SessionEvents from "../../../src/kernel/sessions/SessionEvents.ts"
import * as TurnEvents from "../../../src/kernel/turn/TurnEvents.ts"
import * as WorkEvents from "../../../src/kernel/work/WorkEvents.ts"

const { definitions } = apis.catalog

/** Every definition the event files export, by itself or in a family. */
const declared = [
  ApiEvents,
  BatchEvents,
  BreakerEvents,
  CompletionEvents,
  ContributionEvents,
  ConversationEvents,
  EmbeddingEvents,
  FileProcessorEvents,
  FilesEvents,
  HookEvents,
  ImageEvents,
  InteractionEvents,
  KeyEvents,
  LlmEvents,
  LogEvents,
  ModelsEvents,
  ModerationEvents,
  PolicyEvents,
  PromptEvents,
  ProviderEvents,
  ReliabilityEvents,
  RerankEvents,
  RoutingEvents,
  ResponseEvents,
  SessionEvents,
  SkillEvents,
  StoredCompletionEvents,
  SpeechEvents,
  StreamEvents,
  TokenCountEvents,
  VendorBatchEvents,
  TranscriptionEvents,
  TurnEvents,
  ToolEvents,
  ToolGroupsEvents,
  ToolListEvents,
  VectorEvents,
  VectorStoresEvents,
  WorkEvents
].flatMap((file) =>
  Object.values<unknown>(file).flatMap((value) => {
    if (typeof value !== "object" || value === null) return []
    return "durability" in value
      ? [value as Definition]
      : "base" in value
      ? Object.values<Definition>(value as never)
      : []
  })
)

const names = definitions.map(({ type }) => ({ type }))

describe("EventCatalog", () => {
  it("holds every event that is declared, once", () => {
    assert.sameMembers(definitions.map(({ type }) => type), declared.map(({ type }) => type))
    assert.strictEqual(new Set(definitions.map(({ type }) => type)).size, definitions.length)
  })

  it.each(names)("describes $type", ({ type }) => {
    const definition = apis.catalog.find(type)
    assert.isAtLeast(definition?.version ?? 0, 1)
    assert.match(definition?.description ?? "", /^[A-Z`].+\.$/)
    assert.match(type, /^[a-z_]+:[a-z_]+(:debug|:raw)?$/)
  })

  it.each(names)("gives $type the level its name says", ({ type }) => {
    const [, , level = "default"] = type.split(":")
    assert.strictEqual<unknown>(apis.catalog.find(type)?.level, level)
  })

  it("knows every observation of traffic complete, and every provider call in short", () => {
    const has = (type: string) => apis.catalog.find(type) !== undefined
    for (const { base } of [ApiEvents.Request, ApiEvents.Response, ApiEvents.Error]) {
      assert.isTrue(has(`${base.type}:raw`), base.type)
    }
    for (const { base } of [LlmEvents.Request, LlmEvents.Response, LlmEvents.Error]) {
      assert.isTrue(has(`${base.type}:debug`) && has(`${base.type}:raw`), base.type)
    }
  })

  it("keeps state at the level everyone sees, and has nothing volatile in it", () => {
    const state = definitions.filter(({ durability }) => durability === "state")
    assert.isAbove(state.length, 0)
    assert.deepStrictEqual(
      state.filter(({ level, volatile }) => !includes("default", level) || volatile.length > 0),
      []
    )
  })

  it("does not know what it does not hold", () => {
    assert.isUndefined(apis.catalog.find("llm:unheard"))
  })
})
