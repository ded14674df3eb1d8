/** Tokens as `generateContent` names them. */
import * as CountedTokens from "./CountedTokens.ts"

export const { lower, others, raise } = CountedTokens.make({
  input: "promptTokenCount",
  output: "candidatesTokenCount",
  thoughts: "thoughtsTokenCount",
  total: "totalTokenCount",
  cached: "cachedContentTokenCount",
  // Google counts none; clients that know of it read what another vendor counted.
  written: "cacheWriteTokenCount",
  toolUse: "toolUsePromptTokenCount",
  details: { input: "promptTokensDetails", output: "candidatesTokensDetails", tokens: "tokenCount", audio: "AUDIO" }
})
