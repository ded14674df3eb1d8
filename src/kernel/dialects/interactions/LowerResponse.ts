/** A canonical answer as clients of Interactions read it. */
import { DateTime, Option, Predicate } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { toolCallsOf } from "../../messages/ChatResponse.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import { toClient } from "../gemini/LowerResponse.ts"
import * as LowerStep from "./LowerStep.ts"
import * as Status from "./Status.ts"
import type { Fields } from "./Steps.ts"
import * as Steps from "./Steps.ts"
import * as WireUsage from "./WireUsage.ts"

/** The form of what is written: steps, or the outputs that were before. */
export type Form = "steps" | "outputs"

const times = (created: unknown): Fields =>
  Predicate.isNumber(created) && created > 0
    ? Option.match(DateTime.make(created * 1000), {
      onNone: () => ({}),
      onSome: (time) => {
        const text = DateTime.formatIso(time).replace(/\.000Z$/, "Z")
        return { created: text, updated: text }
      }
    })
    : {}

/** What an interaction says of itself. */
export const head = (metadata: Fields | null | undefined, own: Fields = {}): Fields => {
  const { created, id, model } = metadata ?? {}
  return {
    ...(Predicate.isString(id) ? { id } : {}),
    ...(Predicate.isString(model) ? { model } : {}),
    ...(own["created"] === undefined ? times(created) : {})
  }
}

/** The interaction without what the model did. */
export const around = (response: ChatResponse): Fields => {
  const own = optionsFor("interactions", response)
  const { status, usage: counted, ...rest } = own
  const calls = toolCallsOf(response).length > 0
  const others = isFields(counted) ? counted : {}
  return {
    ...head(response.metadata, own),
    ...(Object.keys(own).length === 0 ? { object: "interaction", role: "model" } : {}),
    ...rest,
    status: Status.lower(response.finish_reason, status, calls),
    ...(response.usage == null
      ? Object.keys(others).length === 0 ? {} : { usage: others }
      : { usage: WireUsage.lower(response.usage, others) })
  }
}

export const stepsOf = ({ content }: Pick<ChatResponse, "content">): ReadonlyArray<Fields> =>
  LowerStep.lower(content, "model_output", toClient)

export const lower = (form: Form) => (response: ChatResponse): Fields => {
  const steps = stepsOf(response)
  return { ...around(response), ...(form === "steps" ? { steps } : { outputs: Steps.outputsOf(steps) }) }
}
