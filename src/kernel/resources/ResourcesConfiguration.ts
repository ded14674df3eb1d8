/** The section `registered_resources`: what is registered at every start. An entry without an id is left out. */
import { Effect, Schema, SchemaGetter } from "effect"
import { disabled } from "../issues/EnvironmentSubstitution.ts"
import { text } from "../provider/FieldSchema.ts"
import { McpEndpoint } from "./McpEndpoint.ts"
import { ModelRouting } from "./ModelRouting.ts"
import { ModelType } from "./ModelType.ts"

/** Nothing is the empty text: so an entry is switched off by a variable that is not set. */
const switchable = (about: { readonly description: string; readonly missing: string }) => {
  const { description, missing: messageMissingKey } = about
  return Schema.NullOr(Schema.String).annotate({ expected: "a text", description })
    .annotateKey({ messageMissingKey })
    .pipe(
      Schema.decodeTo(Schema.String.annotate({ description }), {
        decode: SchemaGetter.transform((id) => id ?? ""),
        encode: SchemaGetter.passthroughSubtype()
      })
    )
}

export const ModelEntry = Schema.Struct({
  model_id: switchable({
    description: "What clients ask for; empty leaves the entry out",
    missing: "missing: name this model, for example model_id: fast"
  }),
  provider_id: switchable({
    description: `Which inference provider serves it, by its provider_id; empty or ${disabled} leaves the entry out`,
    missing: "missing: name the provider that serves it, for example provider_id: openai"
  }),
  provider_model_id: text.annotate({ description: "What that provider calls it" })
    .annotateKey({ messageMissingKey: "missing: say what the provider calls it, for example gpt-4o-mini" }),
  model_type: Schema.optionalKey(ModelType.annotate({
    expected: "llm, embedding or rerank",
    description:
      "What it does: writes text (llm), makes vectors (embedding), or puts texts in order (rerank). Default llm"
  })),
  routing: Schema.optionalKey(ModelRouting),
  metadata: Schema.optionalKey(Schema.JsonObject.annotate({
    expected: "a mapping",
    description: "What is to be said of it: kept as it is, and shown in custom_metadata"
  }))
}).annotate({ expected: "a mapping with model_id, provider_id and provider_model_id" })
export type ModelEntry = typeof ModelEntry.Type

/** True for an entry that is left out. */
export const isSwitchedOff = ({ model_id, provider_id }: ModelEntry): boolean =>
  model_id === "" || provider_id === "" || provider_id === disabled

export const ToolGroupEntry = Schema.Struct({
  toolgroup_id: switchable({
    description: "What clients ask for; empty leaves the entry out",
    missing: "missing: name this tool group, for example toolgroup_id: mcp::files"
  }),
  provider_id: switchable({
    description: `Which provider of tools has it, by its provider_id; empty or ${disabled} leaves the entry out`,
    missing: "missing: name the provider that has its tools, for example provider_id: mcp"
  }),
  mcp_endpoint: Schema.optionalKey(McpEndpoint),
  args: Schema.optionalKey(Schema.JsonObject.annotate({
    expected: "a mapping",
    description: "What its provider is to know of it besides"
  }))
}).annotate({ expected: "a mapping with toolgroup_id and provider_id" })
export type ToolGroupEntry = typeof ToolGroupEntry.Type

export const isGroupSwitchedOff = ({ provider_id, toolgroup_id }: ToolGroupEntry): boolean =>
  toolgroup_id === "" || provider_id === "" || provider_id === disabled

const uniqueGroups = Schema.makeFilter((groups: ReadonlyArray<ToolGroupEntry>) =>
  groups.flatMap((group, index) => {
    const first = groups.findIndex((each) => each.toolgroup_id === group.toolgroup_id && !isGroupSwitchedOff(each))
    if (isGroupSwitchedOff(group) || first === index) return []
    const issue =
      `"${group.toolgroup_id}" is already the toolgroup_id of entry [${first}] of this list: give each its own`
    return [{ path: [index, "toolgroup_id"], issue }]
  })
)

/** An entry with its place in the list as it is written. */
export interface PlacedModel {
  readonly index: number
  readonly model: ModelEntry
}

/** Ids that earlier entries have. */
export const duplicateIds = (entries: ReadonlyArray<PlacedModel>) => {
  const used = entries.filter(({ model }) => !isSwitchedOff(model))
  return used.flatMap(({ index, model: { model_id } }) => {
    const first = used.find(({ model }) => model.model_id === model_id)?.index
    if (first === undefined || first === index) return []
    const issue = `"${model_id}" is already the model_id of entry [${first}] of this list: give each its own`
    return [{ path: [index, "model_id"] as const, issue }]
  })
}

const uniqueIds = Schema.makeFilter((models: ReadonlyArray<ModelEntry>) =>
  duplicateIds(models.map((model, index) => ({ index, model })))
)

export const RegisteredResources = Schema.Struct({
  models: Schema.Array(ModelEntry)
    .annotate({
      expected: "a list of models, each with model_id",
      description: "Models that are served by names of their own",
      default: []
    })
    .check(uniqueIds)
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  tool_groups: Schema.Array(ToolGroupEntry)
    .annotate({
      expected: "a list of tool groups, each with toolgroup_id",
      description: "Groups of tools that are there by names of their own, such as MCP servers",
      default: []
    })
    .check(uniqueGroups)
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))
}).annotate({
  expected: "a mapping",
  description: "What is registered at every start",
  default: { models: [], tool_groups: [] }
})
