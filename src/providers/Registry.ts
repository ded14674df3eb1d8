/** The provider types Strata brings. */
import { Replay } from "./inline/replay/Replay.ts"
import { OpenAi } from "./remote/openai/OpenAi.ts"
import { Strata } from "./remote/strata/Strata.ts"

export const registry = [OpenAi, Strata, Replay] as const
