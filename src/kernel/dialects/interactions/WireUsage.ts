/** Tokens as Interactions name them. */
import * as CountedTokens from "../gemini/CountedTokens.ts"

export const { lower, others, raise } = CountedTokens.make({
  input: "total_input_tokens",
  output: "total_output_tokens",
  thoughts: "total_thought_tokens",
  total: "total_tokens",
  cached: "total_cached_tokens",
  toolUse: "total_tool_use_tokens",
  details: { input: "input_tokens_by_modality", output: "output_tokens_by_modality", tokens: "tokens", audio: "audio" }
})
