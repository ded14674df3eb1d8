/** What is done to a request before it is written in its vendor's dialect, and how that is recorded. */
import { Effect } from "effect"
import type { Schema } from "effect"
import * as CompletionEvents from "../../kernel/calls/CompletionEvents.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
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

/** What only the client's dialect can say, and its vendor does not learn. */
export const unsaid = (
  { provider_options }: ChatRequest,
  client: Dialect,
  vendor: Dialect
): ReadonlyArray<Degradation> =>
  client.name === vendor.name ? [] : Object.entries(provider_options?.[client.name] ?? {})
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
    : Effect.map(CurrentRecording, (recording) => {
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
