/** What the turn loop needs of others: a model, tools, and what calls cost. It knows none of them by name. */
import type { Effect, Schema } from "effect"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ChatResponse } from "../messages/ChatResponse.ts"
import type { StreamPart } from "../messages/StreamPart.ts"
import type { ToolSpec } from "../messages/Tools.ts"
import type { TurnError } from "./TurnEvents.ts"

/** Why there is no answer, or no list of tools: the turn ends by it. */
export interface TurnFailed {
  readonly _tag: "TurnFailed"
  readonly error: TurnError
}

export const failed = (type: string, message: string): TurnFailed => ({ _tag: "TurnFailed", error: { type, message } })

/** A tool of the server. */
export interface ServerTool {
  /** What its server calls it, where no model takes such a name. */
  readonly name?: string
  readonly spec: ToolSpec
  readonly requiresApproval: boolean
  /** Says so itself where it fails: that is a result, too. */
  readonly invoke: (
    call: { readonly id: string; readonly arguments: Schema.JsonObject }
  ) => Effect.Effect<ToolOutput>
}

export interface ToolOutput {
  readonly output: Schema.Json
  readonly is_error: boolean
}

export interface TurnPorts {
  /** Asks the model. `onParts`: where it is given, the answer is streamed, and its parts are handed over as they come. */
  readonly complete: (
    request: ChatRequest,
    onParts: ((parts: ReadonlyArray<StreamPart>) => Effect.Effect<void>) | undefined
  ) => Effect.Effect<ChatResponse, TurnFailed>
  /** The tools of these groups, in an order that stays. */
  readonly tools: (groups: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<ServerTool>, TurnFailed>
  /** What the calls of this request have cost until now, US dollars, decimal; undefined: it is not known. */
  readonly cost: Effect.Effect<string | undefined>
}
