/** The provider types Strata brings. */
import { Replay } from "./inline/replay/Replay.ts"
import { OpenAi } from "./remote/openai/OpenAi.ts"

export const registry = [OpenAi, Replay] as const
