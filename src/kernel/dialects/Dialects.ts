/** Which operations carry a conversation, and in which dialect: modules say so of theirs. */
import { anthropic } from "./anthropic/AnthropicDialect.ts"
import { bedrock } from "./bedrock/BedrockDialect.ts"
import { canonical } from "./canonical/CanonicalDialect.ts"
import { chat } from "./chat/ChatDialect.ts"
import type { Dialect } from "./Dialect.ts"
import { gemini } from "./gemini/GeminiDialect.ts"
import { interactions } from "./interactions/InteractionsDialect.ts"
import { ollama } from "./ollama/OllamaDialect.ts"
import { responses } from "./responses/ResponsesDialect.ts"

/** By the id of the operation, as its events name it. One that is not there carries no conversation. */
export type OperationDialects = ReadonlyMap<string, Dialect>

/** For folds that count no turns. */
export const none: OperationDialects = new Map()

/** Those that Strata itself speaks, with clients or with vendors. */
export const all: ReadonlyArray<Dialect> = [
  chat,
  anthropic,
  gemini,
  interactions,
  responses,
  ollama,
  bedrock,
  canonical
]

/** What a conversation without a turn is taken to be in. */
export const standard: Dialect = chat

/** Where such a conversation goes on. */
export const standardPath = "/v1/chat/completions"
