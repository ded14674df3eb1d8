/** A turn of the log as the API shows it, and what happens in one as its stream says it. */
import * as EventIds from "../../events/types/EventIds.ts"
import type { ToolCallBlock } from "../../kernel/messages/ContentBlock.ts"
import { blocksOf } from "../../kernel/messages/Message.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import type { Approval, TurnRecord } from "../../kernel/turn/TurnState.ts"
import { openCalls, pending } from "../../kernel/turn/TurnState.ts"
import type { TurnUpdate } from "../../kernel/turn/TurnUpdate.ts"
import type { PendingApproval, Turn, TurnStreamEvent } from "./TurnsModels.ts"

const isCall = (block: { readonly type: string }): block is ToolCallBlock => block.type === "tool_call"

const callsOf = ({ output }: TurnRecord): ReadonlyArray<ToolCallBlock> => output.flatMap(blocksOf).filter(isCall)

const toApproval = (
  { id, prompt, requiredBy, toolCallId, toolName }: Approval,
  input: PendingApproval["arguments"]
) => ({
  approval_id: id,
  tool_call_id: toolCallId,
  tool_name: toolName,
  arguments: input,
  required_by: requiredBy,
  prompt
})

export const toTurn = (turn: TurnRecord, session_id: string): Turn => {
  const inputs = new Map(callsOf(turn).map(({ id, input }) => [id, input]))
  const waiting = pending(turn)
  const held = new Set(waiting.map(({ toolCallId }) => toolCallId))
  const action = turn.status === "requires_action" ? openCalls(turn.output).filter(({ id }) => !held.has(id)) : []
  const isWaiting = turn.status === "requires_approval" || turn.status === "in_progress"
  return {
    id: turn.id,
    object: "session.turn",
    session_id,
    created_at: EventIds.secondsOf(turn.id),
    number: turn.number,
    status: turn.status,
    reason: turn.reason,
    model: turn.settings.model,
    iterations: turn.iterations,
    output: turn.output,
    usage: turn.usage,
    required_action: action.length === 0
      ? null
      : { tool_calls: action.map(({ id, input, name }) => ({ id, name, arguments: input })) },
    approvals: isWaiting
      ? waiting.map((approval) => toApproval(approval, inputs.get(approval.toolCallId) ?? {}))
      : [],
    error: turn.error
  }
}

type Event = TurnStreamEvent extends infer E ? E extends TurnStreamEvent ? Omit<E, "sequence_number"> : never : never

const ofPart = (iteration: number, part: StreamPart): Event | undefined => {
  switch (part.type) {
    case "block_start": {
      const { block, custom, id, index, name } = part
      const named = {
        ...id === undefined ? {} : { id },
        ...name === undefined ? {} : { name },
        ...custom === undefined ? {} : { custom }
      }
      return { type: "content_block.start", iteration, index, block, ...named }
    }
    case "block_delta":
      return { type: "content_block.delta", iteration, index: part.index, text: part.text }
    case "block_end":
      return { type: "content_block.end", iteration, index: part.index }
    default:
      return undefined
  }
}

/** What the stream says of it, which may be nothing. */
export const toEvents = (update: TurnUpdate, session_id: string): ReadonlyArray<Event> =>
  update.type === "parts"
    ? update.parts.map((part) => ofPart(update.iteration, part)).filter((event) => event !== undefined)
    : [toEvent(update, session_id)]

const toEvent = (update: Exclude<TurnUpdate, { readonly type: "parts" }>, session_id: string): Event => {
  switch (update.type) {
    case "started":
      return { type: "turn.started", turn_id: update.turn }
    case "message":
      return { ...update, type: "message.completed" }
    case "tool_started":
      return { ...update, type: "tool.started" }
    case "tool_completed":
      return { ...update, type: "tool.completed" }
    case "approval_required":
      return { type: "approval.required", approval: toApproval(update.approval, update.arguments) }
    case "approval_decided": {
      const { approval_id, by, granted, tool_call_id } = update
      return { type: granted ? "approval.granted" : "approval.denied", approval_id, tool_call_id, by }
    }
    case "compacted":
      return { ...update, type: "context.compacted" }
    case "ended":
      return { type: "turn.ended", turn: toTurn(update.turn, session_id) }
  }
}
