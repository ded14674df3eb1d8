/** The turns of a session: each a chat completion that was answered, folded from its events. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field, objectOf, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import type { ResponseTraffic } from "../../events/types/Traffic.ts"
import { readableText } from "../../events/types/Traffic.ts"
import type { Dialect, WireAnswer } from "../dialects/Dialect.ts"
import type { OperationDialects } from "../dialects/Dialects.ts"
import * as Dialects from "../dialects/Dialects.ts"
import { Usage } from "../messages/Usage.ts"
import type { Turn } from "./SessionModels.ts"

/** A turn, and the request that asked for it: undefined where it was not recorded at raw. */
export interface ConversationTurn extends Turn {
  /** Where it was asked for. */
  readonly path: string
  readonly request: Schema.JsonObject | undefined
  readonly dialect: Dialect
}

/** The events a conversation is folded from. */
export const types = ["api:request", "api:request:raw", "llm:response", "api:response", "api:response:raw"]

interface Pending {
  readonly path: string
  readonly request_id: string
  readonly model: string
  readonly dialect: Dialect
  request: Schema.JsonObject | undefined
  usage: Usage | null
  finish_reason: string | null
  answered: boolean
  /** Which raw events were seen. */
  raw: { request: boolean; answer: boolean }
  position: number
  answer: WireAnswer | undefined
}

const answerOf = (dialect: Dialect, payload: Schema.Json): WireAnswer | undefined =>
  dialect.conversation.answer(
    readableText(payload as unknown as ResponseTraffic),
    field(payload, "body") === undefined
  )

const isUsage = Schema.is(Usage)

const usageOf = (payload: Schema.Json): Usage | null => {
  const usage = field(payload, "usage")
  return isUsage(usage) ? usage : null
}

const begin = (event: RecordedEvent, payload: Schema.Json, dialect: Dialect): Pending => ({
  request_id: event.requestId ?? "",
  path: textOrNull(field(payload, "path")) ?? Dialects.standardPath,
  dialect,
  model: textOrNull(field(field(payload, "payload"), "model")) ?? "",
  request: undefined,
  usage: null,
  finish_reason: null,
  answered: false,
  raw: { request: false, answer: false },
  position: event.position,
  answer: undefined
})

const evolve = (pending: Pending, { position, type }: RecordedEvent, payload: Schema.Json): void => {
  pending.position = position
  switch (type) {
    case "api:request:raw":
      pending.raw.request = true
      pending.request = objectOf(parse(textOrNull(field(payload, "body")) ?? ""))
      return
    case "llm:response":
      pending.usage = usageOf(payload)
      pending.finish_reason = textOrNull(field(payload, "finish_reason"))
      return
    case "api:response":
      pending.answered = true
      return
    case "api:response:raw":
      pending.raw.answer = true
      pending.answer = answerOf(pending.dialect, payload)
  }
}

const toTurn = (pending: Pending, turn: number): ConversationTurn => {
  const { answer, dialect, model, path, position, request, request_id, usage } = pending
  return {
    turn,
    request_id,
    position,
    model,
    status: request === undefined ? "not_recorded" : "recorded",
    messages: request === undefined ? null : dialect.conversation.messages(request),
    answer: answer?.message ?? null,
    finish_reason: answer?.finish_reason ?? pending.finish_reason,
    usage,
    request,
    path,
    dialect
  }
}

/**
 * In the order their answers came. A request whose answer is not there yet is no turn; a turn that was not recorded at
 * raw has no messages, and says so.
 */
export const fold = (
  events: ReadonlyArray<RecordedEvent>,
  dialects: OperationDialects
): ReadonlyArray<ConversationTurn> => {
  const requests = new Map<string, Pending>()
  const answered: Array<Pending> = []
  for (const event of events) {
    if (event.requestId === null || !types.includes(event.type)) continue
    const payload = payloadOf(event)
    const pending = requests.get(event.requestId)
    if (pending !== undefined) {
      const before = pending.answered
      evolve(pending, event, payload)
      if (pending.answered && !before) answered.push(pending)
    } else if (event.type === "api:request") {
      const dialect = dialects.get(textOrNull(field(payload, "operation")) ?? "")
      if (dialect !== undefined) requests.set(event.requestId, begin(event, payload, dialect))
    }
  }
  return answered
    // A request that was recorded whole, without its answer, was cut off between the two.
    .filter(({ raw }) => raw.request === raw.answer)
    .map((pending, index) => toTurn(pending, index + 1))
}
