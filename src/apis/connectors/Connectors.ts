/** The MCP servers that are registered with an address. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import type { ToolFailure } from "../../kernel/tools/ToolFailure.ts"
import type { Connector } from "./ConnectorsModels.ts"

export class Connectors extends Context.Service<Connectors, {
  /** In order of id. */
  readonly list: Effect.Effect<ReadonlyArray<Connector>, EventLogUnavailable>
  get(id: string): Effect.Effect<Connector, ResourceNotFound | EventLogUnavailable>
  /** Its tools, of a connector that is there. */
  tools(connector: Connector): Effect.Effect<ReadonlyArray<ToolDefinition>, ToolFailure>
}>()("strata/apis/connectors/Connectors") {}
