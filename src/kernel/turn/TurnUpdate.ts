/** What whoever watches a turn learns of it, in order. */
import type { Schema } from "effect"
import type { Message } from "../messages/Message.ts"
import type { StreamPart } from "../messages/StreamPart.ts"
import type { ToolCall } from "../messages/Tools.ts"
import type { Usage } from "../messages/Usage.ts"
import type { Approval, TurnRecord } from "./TurnState.ts"

export type TurnUpdate =
  | { readonly type: "started"; readonly turn: string }
  | {
    /** Those that came at once. */
    readonly type: "parts"
    readonly iteration: number
    readonly parts: ReadonlyArray<StreamPart>
  }
  | {
    readonly type: "message"
    readonly iteration: number
    readonly message: Message
    readonly usage: Usage | null
  }
  | { readonly type: "tool_started"; readonly iteration: number; readonly call: ToolCall }
  | {
    readonly type: "tool_completed"
    readonly iteration: number
    readonly tool_call_id: string
    readonly tool_name: string
    readonly output: Schema.Json
    readonly is_error: boolean
  }
  | { readonly type: "approval_required"; readonly approval: Approval; readonly arguments: Schema.JsonObject }
  | {
    readonly type: "approval_decided"
    readonly approval_id: string
    readonly tool_call_id: string
    readonly granted: boolean
    readonly by: string
  }
  | { readonly type: "compacted"; readonly removed_count: number; readonly summary: Message | null }
  | { readonly type: "ended"; readonly turn: TurnRecord }
