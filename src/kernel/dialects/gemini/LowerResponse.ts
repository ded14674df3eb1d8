/** A canonical answer as Gemini's clients read it. */
import { DateTime, Option, Predicate } from "effect"
import { listOf } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { toolCallsOf } from "../../messages/ChatResponse.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as FinishReason from "./FinishReason.ts"
import type { Lowering } from "./LowerPart.ts"
import * as LowerPart from "./LowerPart.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, isEmpty } from "./ProtoNames.ts"
import { isBlocked } from "./RaiseResponse.ts"
import * as WireUsage from "./WireUsage.ts"

/** A client is told of all that it can read. */
export const toClient: Lowering = { toVendor: false, nameOf: () => undefined, leftOut: () => {} }

/** What this dialect said besides, in the places that it is not written to as it is. */
const placed = new Set(["candidate", "candidates", "content", "finishReason", "usageMetadata"])

const createTimeOf = (created: unknown): Fields =>
  Predicate.isNumber(created) && created > 0
    ? Option.match(DateTime.make(created * 1000), {
      onNone: () => ({}),
      onSome: (time) => ({ createTime: DateTime.formatIso(time) })
    })
    : {}

/** What an answer, and each frame of one, says of itself. */
export const head = (metadata: Fields | null | undefined): Fields => {
  const { created, id, model } = metadata ?? {}
  return {
    ...createTimeOf(created),
    ...(Predicate.isString(model) ? { modelVersion: model } : {}),
    ...(Predicate.isString(id) ? { responseId: id } : {})
  }
}

/** The answer around its parts. */
export const around = (response: ChatResponse, parts: ReadonlyArray<Fields>): Fields => {
  const own = optionsFor("gemini", response)
  const calls = toolCallsOf(response).length > 0
  const finishReason = FinishReason.lower(response.finish_reason, own["finishReason"], calls)
  const content = { role: "model", ...fieldsOf(own["content"]), ...(parts.length === 0 ? {} : { parts }) }
  const candidate = {
    content,
    ...(finishReason === undefined ? {} : { finishReason }),
    index: 0,
    ...fieldsOf(own["candidate"])
  }
  const isUnanswered = isBlocked(own) && isEmpty(parts) && response.finish_reason === "content_filter"
  const counted = fieldsOf(own["usageMetadata"])
  return {
    ...head(response.metadata),
    ...Object.fromEntries(Object.entries(own).filter(([name]) => !placed.has(name))),
    ...(isUnanswered ? {} : { candidates: [candidate, ...listOf(own["candidates"])] as ReadonlyArray<Fields> }),
    ...(response.usage == null
      ? isEmpty(counted) ? {} : { usageMetadata: counted }
      : { usageMetadata: WireUsage.lower(response.usage, counted) })
  }
}

export const lower = (response: ChatResponse): Fields =>
  around(response, response.content.flatMap((block) => LowerPart.lower(block, toClient)))
