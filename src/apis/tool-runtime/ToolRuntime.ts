/** The tool contract: what callers ask of the router, and what every provider of tools implements. */
import { Context } from "effect"
import type { Effect, Redacted, Schema } from "effect"
import type { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import type { ProviderTool, ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import type { ProviderToolFailure, ToolFailure } from "../../kernel/tools/ToolFailure.ts"

/** What a client sends for a tool's server with one request, such as its own `authorization`. In no event. */
export type ToolHeaders = Readonly<Record<string, Redacted.Redacted>>

/** A group as its provider is asked about it. */
export interface ProviderToolGroup {
  /** What clients call it. */
  readonly identifier: string
  /** What its provider calls it. */
  readonly provider_resource_id: string
  /** The MCP server it stands for, where its registration names one. */
  readonly mcp_endpoint?: string | undefined
  /** What its registration says besides. */
  readonly args?: Schema.JsonObject | undefined
}

/** A call as its provider gets it. */
export interface ToolInvocation {
  readonly name: string
  readonly group: ProviderToolGroup
  readonly arguments: Schema.JsonObject
  readonly headers: ToolHeaders
}

/** Why a provider does not work, for people. */
export interface Ailment {
  readonly message: string
}

/**
 * What every provider of tools implements.
 *
 * @example
 * ToolProvider.of({
 *   list: () => Effect.succeed([{ name: "now", description: "The time.", input_schema: { type: "object" } }]),
 *   invoke: () => Effect.map(Clock.currentTimeMillis, (time) => ToolCallResult.text(String(time))),
 *   groups: { source: "configuration", list: Effect.succeed([{ provider_resource_id: "clock" }]) }
 * })
 */
export class ToolProvider extends Context.Service<ToolProvider, {
  /** The tools of a group, in an order that stays. */
  list(group: ProviderToolGroup, headers: ToolHeaders): Effect.Effect<ReadonlyArray<ProviderTool>, ProviderToolFailure>
  /** A tool that fails is a result with `is_error`. Interrupted where nobody waits any more. */
  invoke(call: ToolInvocation): Effect.Effect<ToolCallResult, ProviderToolFailure>
  readonly groups: {
    /** `configuration`: the list is fixed; `discovery`: it is asked for. */
    readonly source: "configuration" | "discovery"
    readonly list: Effect.Effect<ReadonlyArray<Pick<ProviderToolGroup, "provider_resource_id">>, Ailment>
    /** Asked before a group is registered with it; refuses by its failure. Absent: it takes those without `mcp_endpoint`. */
    readonly register?: (group: ProviderToolGroup) => Effect.Effect<void, Ailment>
  }
  /** Its tool that searches the web, where it is one that does. */
  readonly webSearch?: string
  /** Its lists say which of its tools that is, by `WebSearchTool.isListed`: they are asked, where somebody wants to search. */
  readonly listsWebSearch?: boolean
  /** Says whether it works. Absent: it is taken to. */
  readonly health?: Effect.Effect<void, Ailment>
}>()("strata/apis/tool-runtime/ToolRuntime/ToolProvider") {}

/** An MCP server that a request names, and that no tool group stands for. */
export interface ToolServer {
  /** What the request calls it. */
  readonly label: string
  readonly url: string
}

export interface ListTools {
  /** The tools of this server alone. */
  readonly server?: ToolServer | undefined
  /** Groups by their identifiers; default all that may be seen. */
  readonly groups?: ReadonlyArray<string> | undefined
  readonly headers?: ToolHeaders | undefined
}

export interface InvokeTool {
  readonly name: string
  /** The group it is in, as its definition says. Absent: the only one that has it. */
  readonly group?: string | undefined
  /** The server that has it, where no group does. */
  readonly server?: ToolServer | undefined
  readonly arguments: Schema.JsonObject
  readonly headers?: ToolHeaders | undefined
  /** The id a model gave the call; it stands in the events. */
  readonly tool_call_id?: string | undefined
}

/** A call that hooks have let pass: its arguments are as they left them. */
export interface PreparedTool {
  readonly arguments: Schema.JsonObject
  readonly group: string
  readonly provider: string
  /**
   * Makes the call: its events are its own. Several may run side by side; in a replay each is found by its place among
   * those that were begun.
   */
  readonly run: Effect.Effect<ToolCallResult, ToolFailure>
  /** What hooks make of its result: asked in one order, after the calls. */
  readonly settle: (result: ToolCallResult) => Effect.Effect<ToolCallResult, ToolFailure>
}

/** The router: finds the provider of a tool and hands the call over. */
export class ToolRuntime extends Context.Service<ToolRuntime, {
  /** In order of the groups, each as its provider has them. A recorded call for each provider that is asked. */
  list(options?: ListTools): Effect.Effect<ReadonlyArray<ToolDefinition>, ToolFailure>
  /** The tool that searches the web, of the first group that may be seen, by its name. Undefined: there is none. */
  readonly webSearch: Effect.Effect<{ readonly name: string; readonly group: string } | undefined, ToolFailure>
  /** All of a call: `prepare`, `run`, `settle`. For one after the other. */
  invoke(call: InvokeTool): Effect.Effect<ToolCallResult, ToolFailure>
  /**
   * The first step, for calls side by side: prepare all in order, begin all in order (`Effect.forEach` with a
   * concurrency does), settle all in order. So a replay does not depend on which was faster.
   */
  prepare(call: InvokeTool): Effect.Effect<PreparedTool, ToolFailure>
}>()("strata/apis/tool-runtime/ToolRuntime") {}
