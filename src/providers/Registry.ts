/** The provider types Strata brings. */
import { Replay } from "./inline/replay/Replay.ts"
import { Anthropic } from "./remote/anthropic/Anthropic.ts"
import { Gemini } from "./remote/gemini/Gemini.ts"
import { OpenAi } from "./remote/openai/OpenAi.ts"
import { Strata } from "./remote/strata/Strata.ts"

export const registry = [OpenAi, Anthropic, Gemini, Strata, Replay] as const
