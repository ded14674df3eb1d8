/** Approvals of a turn: which calls need one, who answers, and what comes of it. */
import { Duration, Effect } from "effect"
import type { Schema } from "effect"
import * as Decision from "../calls/Decision.ts"
import type { ToolCallBlock } from "../messages/ContentBlock.ts"
import * as TurnEvents from "./TurnEvents.ts"
import type { ServerTool } from "./TurnPorts.ts"
import type { TurnRun } from "./TurnRun.ts"
import type { Approval } from "./TurnState.ts"
import { pending } from "./TurnState.ts"

/** Hooks are asked about a call of a tool, and about an approval. */
export const toolHook = "tool:pre"
export const approvalHook = "approval:required"

export interface Need {
  readonly by: "request" | "tool" | "hook"
  readonly prompt: string | null
}

/** A hook does not let the call be made. */
export interface Refused {
  readonly refused: string
}

const bySettings = (run: TurnRun, { name, requiresApproval, spec }: ServerTool): Need | undefined => {
  const { require = "never" } = run.turn.settings.approval ?? {}
  if (requiresApproval) return { by: "tool", prompt: null }
  const asks = require === "always" ||
    (require !== "never" && (require.includes(spec.name) || (name !== undefined && require.includes(name))))
  return asks ? { by: "request", prompt: null } : undefined
}

/** Whether a call needs an approval, or may not be made; undefined: neither. */
export const needOf = Effect.fnUntraced(function*(
  run: TurnRun,
  call: ToolCallBlock,
  tool: ServerTool
): Effect.fn.Return<Need | Refused | undefined> {
  const decision = yield* run.ask({
    type: toolHook,
    data: { tool_name: call.name, tool_call_id: call.id, tool_input: call.input },
    attributes: { turn: run.turn.id },
    honours: ["deny", "ask_user"]
  })
  if (decision?.action === "deny") return { refused: decision.reason ?? "the hook gave no reason" }
  if (decision?.action === "ask_user") return { by: "hook", prompt: decision.approval?.prompt ?? null }
  return bySettings(run, tool)
})

export const require = Effect.fnUntraced(function*(run: TurnRun, call: ToolCallBlock, { by, prompt }: Need) {
  const approval_id = run.recording.nextId
  run.emit(TurnEvents.ApprovalRequired, {
    turn: run.turn.id,
    approval_id,
    tool_call_id: call.id,
    tool_name: call.name,
    required_by: by,
    prompt
  })
  const approval = run.turn.approvals.find(({ id }) => id === approval_id)!
  const answer = run.options.answers?.get(call.id)
  if (answer !== undefined) {
    run.emit(TurnEvents.ApprovalAnswered, { turn: run.turn.id, approval_id, ...answer })
    return run.turn.approvals.find(({ id }) => id === approval_id)!
  }
  yield* run.options.notify({ type: "approval_required", approval, arguments: call.input })
  return approval
})

type Decided = Omit<
  typeof TurnEvents.ApprovalGranted.payload.Type,
  "turn" | "approval_id" | "tool_call_id" | "tool_name"
>
type Live = (Decided & { readonly granted: boolean }) | undefined

/** A hook answers by data whose `decision` is `grant` or `deny`, or by denying. */
const byHook = Effect.fnUntraced(
  function*(run: TurnRun, { prompt, toolCallId, toolName }: Approval, input: Schema.Json) {
    const decision = yield* run.ask({
      type: approvalHook,
      data: { tool_name: toolName, tool_call_id: toolCallId, tool_input: input, prompt },
      attributes: { turn: run.turn.id },
      honours: ["deny", "modify"]
    })
    if (decision === undefined) return undefined
    if (decision.action === "deny") return { granted: false, by: "hook" as const, reason: decision.reason }
    const answer = decision.data["decision"]
    return answer === "grant" || answer === "deny"
      ? { granted: answer === "grant", by: "hook" as const, reason: null }
      : undefined
  }
)

/** The decision, taken now, or as a recording has it; undefined: there is none yet. */
const decide = Effect.fnUntraced(function*(
  run: TurnRun,
  { id, toolCallId, toolName }: Approval,
  live: Effect.Effect<Live>
) {
  const of = { turn: run.turn.id, approval_id: id, tool_call_id: toolCallId, tool_name: toolName }
  const isReplay = yield* Decision.isRecorded
  const now = isReplay ? undefined : yield* live
  const isOfThis = ({ approval_id }: { readonly approval_id: string }) => approval_id === id
  const payload = now === undefined ? undefined : { ...of, by: now.by, reason: now.reason }
  const granted = yield* run.decide(
    TurnEvents.ApprovalGranted,
    Effect.succeed(now?.granted === true ? payload : undefined),
    isOfThis
  )
  const denied = granted !== undefined ? undefined : yield* run.decide(
    TurnEvents.ApprovalDenied,
    Effect.succeed(now?.granted === false ? payload : undefined),
    isOfThis
  )
  const decided = granted ?? denied
  if (decided === undefined) return
  yield* run.options.notify({
    type: "approval_decided",
    approval_id: id,
    tool_call_id: toolCallId,
    granted: granted !== undefined,
    by: decided.by
  })
})

/** Decides what can be decided: by a hook, by the request's policy, by answers that are there. */
export const settle = Effect.fnUntraced(function*(run: TurnRun, inputs: ReadonlyMap<string, Schema.JsonObject>) {
  const { policy = "ask", timeout_seconds } = run.turn.settings.approval ?? {}
  const answered = ({ answer, id }: Approval): Live => {
    const given = run.options.signals.answerOf(id) ?? answer
    return given === undefined ? undefined : { granted: given.decision === "grant", by: "api", reason: given.reason }
  }
  for (const approval of pending(run.turn)) {
    const hooked = yield* byHook(run, approval, inputs.get(approval.toolCallId) ?? {})
    const live: Live = hooked ??
      (policy === "ask" ? answered(approval) : { granted: policy === "allow", by: "policy", reason: null })
    yield* decide(run, approval, Effect.succeed(live))
  }
  const open = pending(run.turn)
  if (open.length === 0 || timeout_seconds === undefined || (yield* Decision.isRecorded)) {
    for (const approval of open) yield* decide(run, approval, Effect.succeed(undefined))
    return
  }
  // Who is to answer reads of it in the log.
  yield* run.recording.flush
  const { awaitAnswers, cancel, isClosed } = run.options.signals
  yield* awaitAnswers(open.map(({ id }) => id), Duration.seconds(timeout_seconds))
  if (cancel() !== undefined || isClosed()) return
  for (const approval of open) {
    const reason = `nobody answered within ${timeout_seconds} seconds`
    yield* decide(run, approval, Effect.succeed(answered(approval) ?? { granted: false, by: "timeout", reason }))
  }
})
