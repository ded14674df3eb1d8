/** How many servers of tools one request may name. */
import { Context } from "effect"

/** As many as OpenAI takes tools. */
export const mostByDefault = 128

/** `server.max_tool_servers`. */
export const MostToolServers = Context.Reference<number>("strata/kernel/tools/MostToolServers", {
  defaultValue: () => mostByDefault
})
