/** `POST /v1/messages/count_tokens`: what is sent to count a request's tokens, and what comes back. */
import { Result, Schema, Struct } from "effect"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { TokenCount } from "../../messages/TokenCount.ts"
import type { TokenCounting } from "../Dialect.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { AnthropicTokenCount } from "./Wire.ts"
import { dialect } from "./WireFields.ts"

/** What the wire takes; all else of a request is about the answer. */
const counted = [
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "cache_control",
  "context_management",
  "mcp_servers"
] as const

const decode = Schema.decodeUnknownResult(AnthropicTokenCount)

export const countTokens: TokenCounting = {
  path: () => "/messages/count_tokens",
  lower: (body) => Struct.pick(body, counted.filter((name) => name in body)),
  raise: (body) =>
    decode(body).pipe(
      Result.map(({ input_tokens, ...rest }): TokenCount => ({ input_tokens, ...optionsOf(dialect, rest) })),
      Result.mapError(({ message }) => new NotOfDialect({ dialect, detail: message }))
    ),
  answer: (count) => ({ input_tokens: count.input_tokens, ...optionsFor(dialect, count) })
}
