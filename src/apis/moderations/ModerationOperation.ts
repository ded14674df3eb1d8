/** A moderation, as vendors are asked for it. */
import { Schema } from "effect"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { MediaOperation } from "../../kernel/media/MediaOperation.ts"
import * as ModerationEvents from "./ModerationEvents.ts"

const countOf = (input: unknown): number => Array.isArray(input) ? input.length : input == null ? 0 : 1

export const moderation: MediaOperation = {
  name: "moderation",
  path: "/moderations",
  defaultModel: "omni-moderation-latest",
  answers: "json",
  lastEvents: [],
  method: {
    name: "inference.moderation",
    input: Schema.JsonObject,
    answer: Schema.JsonObject,
    element: undefined,
    error: Schema.Union([ProviderRejected, ProviderFailed]),
    events: ModerationEvents
  },
  summarizeRequest: ({ input }) => ({ input_count: countOf(input) }),
  summarizeAnswer: ({ json }) => {
    const results = field(json, "results")
    const list: ReadonlyArray<unknown> = Array.isArray(results) ? results : []
    return {
      response_id: textOrNull(field(json, "id")),
      response_model: textOrNull(field(json, "model")),
      result_count: list.length,
      flagged_count: list.filter((result) => field(result, "flagged") === true).length
    }
  }
}
