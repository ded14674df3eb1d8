/** The provider types Strata brings. */
import { LlamaCpp } from "./inline/llama-cpp/LlamaCpp.ts"
import { Replay } from "./inline/replay/Replay.ts"
import { SentenceTransformers } from "./inline/sentence-transformers/SentenceTransformers.ts"
import { Anthropic } from "./remote/anthropic/Anthropic.ts"
import { Gemini } from "./remote/gemini/Gemini.ts"
import { OpenAi } from "./remote/openai/OpenAi.ts"
import { Strata } from "./remote/strata/Strata.ts"

export const registry = [OpenAi, Anthropic, Gemini, Strata, Replay, SentenceTransformers, LlamaCpp] as const
