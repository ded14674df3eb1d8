/** Strata as an MCP server. */
import { Context } from "effect"
import type { Effect, Schema } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"

export class Mcp extends Context.Service<Mcp, {
  /** Answers a request of the streamable HTTP transport, for the principal of the moment; `message`: its body. */
  handle(
    request: HttpServerRequest.HttpServerRequest,
    message: Schema.Json | undefined
  ): Effect.Effect<HttpServerResponse.HttpServerResponse>
}>()("strata/apis/mcp/Mcp") {}
