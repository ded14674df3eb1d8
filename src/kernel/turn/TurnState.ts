/** What the turns of a session have come to: the fold of its lineage's events, the same in each process that reads them. */
import type { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { field, isFields, textOrNull } from "../../events/types/JsonAccess.ts"
import type { ToolCallBlock, ToolResultBlock } from "../messages/ContentBlock.ts"
import type { Message } from "../messages/Message.ts"
import { blocksOf } from "../messages/Message.ts"
import type { Usage } from "../messages/Usage.ts"
import * as UsageSum from "../messages/UsageSum.ts"
import * as TurnEvents from "./TurnEvents.ts"
import type { TurnSettings } from "./TurnSettings.ts"

export interface Approval {
  readonly id: string
  readonly toolCallId: string
  readonly toolName: string
  readonly requiredBy: "request" | "tool" | "hook"
  readonly prompt: string | null
  /** Somebody's answer that no execution has taken up. */
  readonly answer: { readonly decision: "grant" | "deny"; readonly reason: string | null } | undefined
  readonly decided: "granted" | "denied" | undefined
  readonly reason: string | null
  /** Its call has its result: some models use an id again, and that call needs an approval of its own. */
  readonly isSpent: boolean
}

export type Status = TurnEvents.EndStatus | "in_progress"

/** What was said, behind what was said before it: turns that go on from each other share that. */
export interface Conversation {
  readonly before: Conversation | undefined
  readonly messages: ReadonlyArray<Message>
}

export interface TurnRecord {
  readonly id: string
  /** From 1. */
  readonly number: number
  readonly status: Status
  readonly reason: string | null
  readonly error: TurnEvents.TurnError | null
  readonly settings: TurnSettings
  readonly iterations: number
  /** Calls of tools that were answered. */
  readonly toolCalls: number
  /** What it added behind its input. */
  readonly output: ReadonlyArray<Message>
  readonly usage: Usage | null
  readonly approvals: ReadonlyArray<Approval>
  /** The request that runs it; undefined: none does. */
  readonly execution: string | undefined
  readonly finishReason: string | null
  /** Up to what was said in it last: of turns side by side each has its own. */
  readonly conversation: Conversation
  /** Where it began, and of its last event. */
  readonly began: number
  readonly position: number
}

export interface TurnState {
  /** What the model knows. */
  readonly messages: ReadonlyArray<Message>
  /** The same, piece by piece; absent: it is one. */
  readonly conversation?: Conversation
  readonly turns: ReadonlyArray<TurnRecord>
}

export const initial: TurnState = { messages: [], turns: [] }

const forked = "session:fork"

/** The events that it is folded from. */
export const types: ReadonlyArray<string> = [...TurnEvents.state.map(({ type }) => type), forked]

const messageOf = (results: ReadonlyArray<ToolResultBlock>): Message => ({ role: "tool", content: results })

const isCall = (block: { readonly type: string }): block is ToolCallBlock => block.type === "tool_call"
const isResult = (block: { readonly type: string }): block is ToolResultBlock => block.type === "tool_result"

/** Calls of the last answer that have no result, in order. */
export const openCalls = (messages: ReadonlyArray<Message>): ReadonlyArray<ToolCallBlock> => {
  const at = messages.findLastIndex(({ role }) => role === "assistant")
  const asked = messages[at]
  if (asked === undefined) return []
  const answered = new Set(
    messages.slice(at + 1).flatMap(blocksOf).filter(isResult).map(({ tool_call_id }) => tool_call_id)
  )
  return blocksOf(asked).filter(isCall).filter(({ id }) => !answered.has(id))
}

/** What an event says, and where it stands. */
export interface Change extends Pick<RecordedEvent, "type" | "position"> {
  readonly payload: Schema.Json
}

/** What an event of this type says; a payload of a log is what its Schema wrote, and was checked where it came in. */
const payloadAs = <D extends Definition>(
  { payload, type }: Change,
  definition: D
): D["payload"]["Encoded"] | undefined => type === definition.type ? payload as D["payload"]["Encoded"] : undefined

/** The turn that an event names is nearly always the last. */
const withTurn = (state: TurnState, id: string, change: (turn: TurnRecord) => Partial<TurnRecord>): TurnState => {
  const at = state.turns.findLastIndex((turn) => turn.id === id)
  const turn = state.turns[at]
  return turn === undefined ? state : { ...state, turns: state.turns.with(at, { ...turn, ...change(turn) }) }
}

/** An event of a turn is the last of it, until the next comes. */
const standingAt = (state: TurnState, id: string, position: number): TurnState => {
  const isThere = state.turns.findLast((turn) => turn.id === id)?.position === position
  return isThere ? state : withTurn(state, id, () => ({ position }))
}

const withApproval = (turn: TurnRecord, id: string, change: Partial<Approval>): Pick<TurnRecord, "approvals"> => ({
  approvals: turn.approvals.map((approval) => approval.id === id ? { ...approval, ...change } : approval)
})

/** The calls of the last answer, where they have other ids from here on. */
const renamed = (
  messages: ReadonlyArray<Message>,
  calls: Readonly<Record<string, string>> = {}
): ReadonlyArray<Message> => {
  const ids = new Set(openCalls(messages).flatMap(({ id }) => Object.hasOwn(calls, id) ? [id] : []))
  if (ids.size === 0) return messages
  const at = messages.findLastIndex(({ role }) => role === "assistant")
  const asked = messages[at]!
  const content = blocksOf(asked).map((block) =>
    isCall(block) && ids.has(block.id) ? { ...block, id: calls[block.id]! } : block
  )
  return messages.with(at, { ...asked, content })
}

type Parts = Required<Pick<TurnState, "messages" | "conversation">>

const whole = (messages: ReadonlyArray<Message>): Parts => ({ messages, conversation: { before: undefined, messages } })

const nothing = whole([])

const current = ({ conversation, messages }: TurnState): Parts =>
  conversation === undefined ? whole(messages) : { messages, conversation }

const joined = (conversation: Conversation): Parts => {
  const pieces: Array<ReadonlyArray<Message>> = []
  for (let piece: Conversation | undefined = conversation; piece !== undefined; piece = piece.before) {
    pieces.push(piece.messages)
  }
  return { messages: pieces.toReversed().flat(), conversation }
}

const partsOf = (state: TurnState, turn: string): Parts => {
  const conversation = state.turns.findLast(({ id }) => id === turn)?.conversation
  return conversation === undefined || conversation === state.conversation ? current(state) : joined(conversation)
}

const goOn = ({ conversation, messages }: Parts, more: ReadonlyArray<Message>): Parts => ({
  messages: [...messages, ...more],
  conversation: { before: conversation, messages: more }
})

/** What a turn goes on from; where that is no turn of this session, it adds to what was said here. */
const before = (state: TurnState, from: TurnEvents.GoesOnFrom = "session"): Parts => {
  if (from === "session") return current(state)
  return from.turn === null ? nothing : partsOf(state, from.turn)
}

const began = (state: TurnState, event: Change, payload: typeof TurnEvents.Started.payload.Type): TurnState => {
  const { calls, messages, settings, turn } = payload
  const inherited = state.turns.at(-1)?.settings
  const asked = before(state, payload.from)
  const open = renamed(asked.messages, calls)
  const next = goOn(open === asked.messages ? asked : whole(open), messages)
  return {
    ...next,
    turns: [...state.turns, {
      id: turn,
      number: state.turns.length + 1,
      status: "in_progress",
      reason: null,
      error: null,
      settings: settings ?? inherited ?? { model: "" },
      iterations: 0,
      toolCalls: 0,
      output: [],
      usage: null,
      approvals: [],
      execution: undefined,
      finishReason: null,
      conversation: next.conversation,
      began: event.position,
      position: event.position
    }]
  }
}

const replaced = (message: Message, results: Readonly<Record<string, string>>): Message => {
  if (typeof message.content === "string") return message
  const content = message.content.map((block) =>
    isResult(block) && Object.hasOwn(results, block.tool_call_id)
      ? { ...block, output: results[block.tool_call_id]!, is_error: null }
      : block
  )
  return { ...message, content }
}

/** What a fork changes: nobody runs what was running, and the conversation, the model, or a tool's result is another. */
const fork = (state: TurnState, payload: Schema.Json): TurnState => {
  const [messages, results] = [field(payload, "messages"), field(payload, "tool_results")]
  const [model, provider] = [textOrNull(field(payload, "model")), textOrNull(field(payload, "provider"))]
  const given = Array.isArray(messages) ? messages as unknown as ReadonlyArray<Message> : state.messages
  const texts = isFields(results) ? results as Readonly<Record<string, string>> : {}
  const changed = given.map((message) => replaced(message, texts))
  const open = openCalls(changed).filter(({ id }) => Object.hasOwn(texts, id))
  const answers = open.map(({ id }): ToolResultBlock => ({ type: "tool_result", tool_call_id: id, output: texts[id]! }))
  const last = state.turns.at(-1)
  const named = model ?? (provider === null ? undefined : last?.settings.model.replace(/^[^/]*\//, ""))
  const asked = named === undefined || provider === null || named.startsWith(`${provider}/`)
    ? named
    : `${provider}/${named}`
  const next = whole(answers.length === 0 ? changed : [...changed, messageOf(answers)])
  return {
    ...next,
    turns: last === undefined ? state.turns : state.turns.with(state.turns.length - 1, {
      ...last,
      conversation: next.conversation,
      ...last.execution === undefined ? {} : { execution: undefined, status: "cancelled", reason: "forked" },
      ...asked === undefined ? {} : { settings: { ...last.settings, model: asked } }
    })
  }
}

const changed = (state: TurnState, event: Change): TurnState => {
  const started = payloadAs(event, TurnEvents.Started)
  if (started !== undefined) return began(state, event, started as typeof TurnEvents.Started.payload.Type)
  const execution = payloadAs(event, TurnEvents.ExecutionStarted)
  if (execution !== undefined) {
    return withTurn(
      state,
      execution.turn,
      () => ({ execution: execution.execution, status: "in_progress", reason: null })
    )
  }
  const ended = payloadAs(event, TurnEvents.ExecutionEnded)
  if (ended !== undefined) {
    return withTurn(state, ended.turn, (turn) =>
      turn.execution === ended.execution
        ? { execution: undefined, status: ended.status, reason: ended.reason, error: ended.error }
        : {})
  }
  const answered = payloadAs(event, TurnEvents.Answered)
  if (answered !== undefined) {
    const message = answered.message as Message
    const next = goOn(partsOf(state, answered.turn), [message])
    return withTurn({ ...state, ...next }, answered.turn, (turn) => ({
      conversation: next.conversation,
      output: [...turn.output, message],
      iterations: answered.iteration,
      finishReason: answered.finish_reason,
      usage: UsageSum.add(turn.usage, answered.usage as Usage | null) ?? null
    }))
  }
  const tools = payloadAs(event, TurnEvents.ToolsAnswered)
  if (tools !== undefined) {
    const results = tools.results as ReadonlyArray<ToolResultBlock>
    const message = messageOf(results)
    const isOf = ({ toolCallId }: Approval) => results.some(({ tool_call_id }) => tool_call_id === toolCallId)
    const next = goOn(partsOf(state, tools.turn), [message])
    return withTurn({ ...state, ...next }, tools.turn, (turn) => ({
      conversation: next.conversation,
      output: [...turn.output, message],
      approvals: turn.approvals.map((approval) => isOf(approval) ? { ...approval, isSpent: true } : approval),
      toolCalls: turn.toolCalls + tools.results.length
    }))
  }
  const compacted = payloadAs(event, TurnEvents.Compacted)
  if (compacted !== undefined) {
    const { removed_count, summary } = compacted
    const kept = partsOf(state, compacted.turn).messages.slice(removed_count)
    const next = whole(summary === null ? kept : [summary as Message, ...kept])
    return withTurn({ ...state, ...next }, compacted.turn, (turn) => ({
      conversation: next.conversation,
      usage: UsageSum.add(turn.usage, compacted.usage as Usage | null) ?? null
    }))
  }
  return approvals(state, event)
}

const approvals = (state: TurnState, event: Change): TurnState => {
  const required = payloadAs(event, TurnEvents.ApprovalRequired)
  if (required !== undefined) {
    const approval: Approval = {
      id: required.approval_id,
      toolCallId: required.tool_call_id,
      toolName: required.tool_name,
      requiredBy: required.required_by,
      prompt: required.prompt,
      answer: undefined,
      decided: undefined,
      reason: null,
      isSpent: false
    }
    return withTurn(state, required.turn, (turn) => ({ approvals: [...turn.approvals, approval] }))
  }
  const answer = payloadAs(event, TurnEvents.ApprovalAnswered)
  if (answer !== undefined) {
    const { decision, reason } = answer
    return withTurn(
      state,
      answer.turn,
      (turn) => withApproval(turn, answer.approval_id, { answer: { decision, reason } })
    )
  }
  const decided = payloadAs(event, TurnEvents.ApprovalGranted) ?? payloadAs(event, TurnEvents.ApprovalDenied)
  if (decided !== undefined) {
    const change: Partial<Approval> = {
      decided: event.type === TurnEvents.ApprovalGranted.type ? "granted" : "denied",
      reason: decided.reason
    }
    return withTurn(state, decided.turn, (turn) => withApproval(turn, decided.approval_id, change))
  }
  const cancelled = payloadAs(event, TurnEvents.CancelCompleted)
  if (cancelled !== undefined) {
    // One that waits ends by it; of one that runs, the end is an event of its own.
    return withTurn(
      state,
      cancelled.turn,
      ({ execution }) => execution === undefined ? { status: "cancelled", reason: "cancelled" } : {}
    )
  }
  return state
}

export const apply = (state: TurnState, change: Change): TurnState => {
  const { payload, position, type } = change
  if (type === forked) return fork(state, payload)
  const next = changed(state, change)
  const turn = textOrNull(field(payload, "turn"))
  return turn === null ? next : standingAt(next, turn, position)
}

export const evolve = (state: TurnState, event: RecordedEvent): TurnState =>
  apply(state, { type: event.type, position: event.position, payload: payloadOf(event) })

export const fold = (events: Iterable<RecordedEvent>, from: TurnState = initial): TurnState => {
  let state = from
  for (const event of events) if (types.includes(event.type)) state = evolve(state, event)
  return state
}

/** Approvals that nobody has decided. */
export const pending = ({ approvals }: TurnRecord): ReadonlyArray<Approval> =>
  approvals.filter(({ decided }) => decided === undefined)
