/** What is done to a request before it is written in its vendor's dialect, and how that is recorded. */
import { Effect } from "effect"
import type { Schema } from "effect"
import * as CompletionEvents from "../../kernel/calls/CompletionEvents.ts"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import { DegradationNotice } from "../../kernel/dialects/DegradationNotice.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import { responses } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { Degradation } from "../../kernel/messages/ChatResponse.ts"
import * as ToolSequence from "../../kernel/messages/ToolSequence.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"

export interface Prepared {
  readonly request: ChatRequest
  readonly repairs: ReadonlyArray<ToolSequence.Repair>
}

/** The caller's request stays as it is. */
export const prepare = (request: ChatRequest): Prepared => {
  const { messages, repairs } = ToolSequence.repair(request.messages)
  return { request: repairs.length === 0 ? request : { ...request, messages }, repairs }
}

/** Asks for nothing. */
const isSilent = (name: string, value: Schema.Json): boolean =>
  value === null || value === false || value === "auto" || name === "stream_options" ||
  (name === "n" && value === 1) || (typeof value === "object" && Object.keys(value).length === 0)

/**
 * What a client has said besides. A response is asked for in the canonical model: its settings that chat completions have,
 * too, stand under their names there.
 */
const own = (options: ChatRequest["provider_options"], client: Dialect, vendor: Dialect): Schema.JsonObject =>
  client.name !== canonical.name
    ? options?.[client.name] ?? {}
    : options?.[responses.name] === undefined || vendor.name === responses.name || vendor.name === chat.name
    ? {}
    : options[chat.name] ?? {}

/** What only the client's dialect can say, and its vendor does not learn. */
export const unsaid = (
  { provider_options }: ChatRequest,
  client: Dialect,
  vendor: Dialect
): ReadonlyArray<Degradation> =>
  client.name === vendor.name ? [] : Object.entries(own(provider_options, client, vendor))
    .filter(([name, value]) => !isSilent(name, value) && vendor.lower.takes?.has(name) !== true)
    .map(([name]) => ({
      requested: name,
      actual: "without it",
      reason: `only the dialect ${client.name} has it, and the vendor speaks ${vendor.name}`
    }))

export interface Changes {
  readonly provider: string
  readonly model: string
  readonly repairs: ReadonlyArray<ToolSequence.Repair>
  readonly degradations: ReadonlyArray<Degradation>
}

/** Nothing where nothing was changed. */
export const record = ({ degradations, model, provider, repairs }: Changes): Effect.Effect<void> =>
  repairs.length + degradations.length === 0
    ? Effect.void
    : Effect.map(Effect.all([CurrentRecording, DegradationNotice]), ([recording, notice]) => {
      if (degradations.length > 0) notice?.(degradations)
      if (recording === undefined) return
      const attributes = { provider, causationId: recording.origin }
      if (repairs.length > 0) {
        const payload = { provider, model, repair_count: repairs.length, repairs }
        recording.emit(CompletionEvents.ToolSequenceRepaired, payload, attributes)
      }
      if (degradations.length > 0) {
        recording.emit(CompletionEvents.RequestDegraded, { provider, model, degradations }, attributes)
      }
    })
