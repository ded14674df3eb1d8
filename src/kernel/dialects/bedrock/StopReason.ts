/** Why an answer ends, in Bedrock's words and in the canonical ones. */
import { textOrNull } from "../../../events/types/JsonAccess.ts"

const canonical: ReadonlyMap<string, string> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["guardrail_intervened", "content_filter"],
  ["content_filtered", "content_filter"]
])

const wire: ReadonlyMap<string, string> = new Map([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["tool_calls", "tool_use"],
  ["content_filter", "content_filtered"]
])

/** Others stay as they are. */
export const raise = (reason: unknown): string | null => {
  const word = textOrNull(reason)
  return word === null || word === "" ? null : canonical.get(word) ?? word
}

export const lower = (reason: string): string => wire.get(reason) ?? reason
