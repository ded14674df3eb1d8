/** Why an answer ended, between this dialect's words and the canonical ones. */
import { tableOf } from "../../../events/types/Table.ts"
import { finishReasons } from "../../messages/ChatResponse.ts"

const canonical: ReadonlySet<string> = new Set(finishReasons)

/** Words of vendors for what OpenAI has another one for. */
const synonyms = tableOf<string>({
  function_call: "tool_calls",
  tool_use: "tool_calls",
  end_turn: "stop",
  eos: "stop",
  eos_token: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_length: "length"
})

export const raise = (word: string | null | undefined): string | null => {
  if (word == null || canonical.has(word)) return word ?? null
  return Object.hasOwn(synonyms, word) ? synonyms[word]! : word
}

/** Clients know these words and no other: any other end is an end. */
export const lower = (reason: string | null | undefined, callsTools: boolean): string =>
  reason != null && canonical.has(reason) ? reason : callsTools ? "tool_calls" : "stop"
