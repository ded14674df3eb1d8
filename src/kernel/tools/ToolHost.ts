/** Who has called a tool, as the tool may speak to them while it runs: an MCP client, a turn; or nobody who listens. */
import { Context, Effect, Schema } from "effect"

export class ToolHostUnable extends Schema.TaggedError<ToolHostUnable>()("ToolHostUnable", {
  /** `sampling/createMessage`, `elicitation/create` … */
  request: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `Who called this tool can't be asked ${this.request}: ${this.detail}`
  }
}

export interface Progress {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}

/** As syslog has them, and MCP. */
export type LogLevel = "debug" | "info" | "notice" | "warning" | "error" | "critical" | "alert" | "emergency"

export interface ToolHost {
  readonly progress: (progress: Progress) => Effect.Effect<void>
  readonly log: (level: LogLevel, data: Schema.Json) => Effect.Effect<void>
  /** Asks who called, with a request of MCP: `sampling/createMessage`, `elicitation/create`. */
  readonly ask: (request: string, params: Schema.JsonObject) => Effect.Effect<Schema.JsonObject, ToolHostUnable>
  /** Lets go of the connection the result is awaited on, where the caller can come back for it. */
  readonly release: Effect.Effect<void>
}

const nobody: ToolHost = {
  progress: () => Effect.void,
  log: () => Effect.void,
  ask: (request) => Effect.fail(new ToolHostUnable({ request, detail: "nobody listens. Call the tool over MCP." })),
  release: Effect.void
}

/** Of the call a fiber runs. */
export const CurrentToolHost = Context.Reference<ToolHost>("strata/kernel/tools/ToolHost/CurrentToolHost", {
  defaultValue: () => nobody
})
