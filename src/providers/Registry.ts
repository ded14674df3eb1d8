/** The provider types Strata brings. */
import { LlamaCpp } from "./inline/llama-cpp/LlamaCpp.ts"
import { Replay } from "./inline/replay/Replay.ts"
import { SentenceTransformers } from "./inline/sentence-transformers/SentenceTransformers.ts"
import { Anthropic } from "./remote/anthropic/Anthropic.ts"
import { Bedrock } from "./remote/bedrock/Bedrock.ts"
import { Gemini } from "./remote/gemini/Gemini.ts"
import { Ollama } from "./remote/ollama/Ollama.ts"
import { OpenAi } from "./remote/openai/OpenAi.ts"
import { Strata } from "./remote/strata/Strata.ts"
import { VertexAi } from "./remote/vertexai/VertexAi.ts"

export const registry = [
  OpenAi,
  Anthropic,
  Gemini,
  VertexAi,
  Bedrock,
  Ollama,
  Strata,
  Replay,
  SentenceTransformers,
  LlamaCpp
] as const
