/** A canonical answer as Converse gives it. */
import { Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as LowerBlock from "./LowerBlock.ts"
import * as StopReason from "./StopReason.ts"
import { dialect } from "./Wire.ts"
import * as WireUsage from "./WireUsage.ts"

type Fields = Schema.JsonObject

const placed = ["output", "message", "stopReason", "usage"] as const

const fieldsIn = (value: unknown): Fields => isFields(value) ? value : {}

/** What stands beside the message: why it ends, what it used, what the vendor says besides. */
export const ending = (response: ChatResponse): Fields => {
  const own = optionsFor(dialect, response)
  const { finish_reason, usage } = response
  const stopReason = own["stopReason"] ?? (finish_reason == null ? undefined : StopReason.lower(finish_reason))
  return {
    ...Struct.omit(own, placed),
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(usage == null ? {} : { usage: WireUsage.lower(usage, fieldsIn(own["usage"])) })
  }
}

export const lower = (response: ChatResponse): Fields => {
  const own = optionsFor(dialect, response)
  const content = response.content.flatMap((block) => LowerBlock.answered(block) ?? [])
  return {
    ...ending(response),
    output: { ...fieldsIn(own["output"]), message: { role: "assistant", ...fieldsIn(own["message"]), content } }
  }
}
