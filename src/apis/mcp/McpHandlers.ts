/** Binds `/mcp` to the MCP server. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Mcp } from "./Mcp.ts"
import { McpRoutes } from "./McpRoutes.ts"

export const McpHandlers = ApiHandlers.make(
  McpRoutes,
  Effect.fn(function*(handlers) {
    const { handle } = yield* Mcp
    return handlers.handleAll({
      postMcp: ({ payload, request }) => handle(request, payload),
      streamMcp: ({ request }) => handle(request, undefined),
      endMcp: ({ request }) => handle(request, undefined)
    })
  })
)
