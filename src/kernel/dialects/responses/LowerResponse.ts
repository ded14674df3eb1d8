/** A canonical answer as a response. */
import type { Schema } from "effect"
import { asText } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { Reader } from "./LowerItem.ts"
import * as LowerItem from "./LowerItem.ts"
import * as LowerReasoning from "./LowerReasoning.ts"
import * as WireUsage from "./WireUsage.ts"

/** What a response says of the request where nothing is known of it: the dialect's own defaults. */
const unset = {
  background: false,
  completed_at: null,
  error: null,
  frequency_penalty: 0,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: null,
  safety_identifier: null,
  service_tier: "default",
  store: false,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  usage: null
} as const satisfies Schema.JsonObject

/** Ids of the items that Strata writes: of the response's id and a number. */
export const itemNames = (responseId: Schema.Json | undefined) => {
  let next = 0
  return (kind: "msg" | "fc" | "ctc" | "rs" | "mcp" | "mcpr" | "mcpl" | "fs" | "ws"): string =>
    `${kind}_${asText(responseId ?? "")}_${next++}`
}

export type ItemNames = ReturnType<typeof itemNames>

export const client = (nameOf: ItemNames): Reader => ({
  fieldsOf: (kind) => ({ id: nameOf(kind), status: "completed" }),
  thought: (block) => LowerReasoning.answered(block, nameOf("rs")),
  signature: (block) => LowerReasoning.signatureOf(block, nameOf("rs")),
  // An answer has no place for what the dialect can't say.
  drop: () => undefined,
  fieldsOfText: { logprobs: [] }
})

const incomplete = tableOf<string>({ length: "max_output_tokens", content_filter: "content_filter" })

/** How the answer stands, by why it ended. */
const ending = (finish: string | null | undefined): Schema.JsonObject => {
  const reason = finish == null ? undefined : incomplete[finish]
  return reason === undefined
    ? { status: "completed" }
    : { status: "incomplete", incomplete_details: { reason } }
}

export const head = (metadata: Schema.JsonObject | null | undefined): Schema.JsonObject => {
  const { created, id, model } = metadata ?? {}
  return { id: id ?? "", object: "response", created_at: created ?? 0, model: model ?? "" }
}

/** A response that has just begun. */
export const begun = (metadata: Schema.JsonObject): Schema.JsonObject => ({
  ...head(metadata),
  ...unset,
  status: "in_progress",
  output: []
})

export const withOutput = (response: ChatResponse, output: ReadonlyArray<Schema.JsonObject>): Schema.JsonObject => ({
  ...head(response.metadata),
  ...unset,
  completed_at: response.metadata?.["created"] ?? null,
  ...ending(response.finish_reason),
  ...optionsFor("responses", response),
  output,
  ...(response.usage == null ? {} : { usage: WireUsage.lower(response.usage) })
})

/** Ids that came with the items stay. */
export const lower = (response: ChatResponse): Schema.JsonObject =>
  withOutput(response, LowerItem.items(response.content, client(itemNames(response.metadata?.["id"]))))
