/** How much the files may hold that one request to a model names. */
import { Context } from "effect"

/** As much as most vendors take in one request. */
export const mostByDefault = 20_971_520

/** `server.max_input_file_bytes`. */
export const MostInputFileBytes = Context.Reference<number>("strata/kernel/http/MostInputFileBytes", {
  defaultValue: () => mostByDefault
})
