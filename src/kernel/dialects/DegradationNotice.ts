/** Who wants to hear at once what an answer has less of than was asked for: whoever asks in process has no headers. */
import { Context } from "effect"
import type { Degradation } from "../messages/ChatResponse.ts"

/** Undefined: nobody. */
export const DegradationNotice = Context.Reference<((degradations: ReadonlyArray<Degradation>) => void) | undefined>(
  "strata/kernel/dialects/DegradationNotice",
  { defaultValue: () => undefined }
)
