/** Where a turn may end between two steps: somebody cancels, or a limit is reached. */
import { Effect } from "effect"
import type { Schema } from "effect"
import type { ToolCallBlock, ToolResultBlock } from "../messages/ContentBlock.ts"
import * as Money from "../money/Money.ts"
import * as TurnEvents from "./TurnEvents.ts"
import type { Outcome, TurnRun } from "./TurnRun.ts"
import { outcome } from "./TurnRun.ts"
import { defaultLimits } from "./TurnSettings.ts"
import { openCalls } from "./TurnState.ts"

export const resultOf = (tool_call_id: string, output: Schema.Json, is_error: boolean): ToolResultBlock => ({
  type: "tool_result",
  tool_call_id,
  output,
  ...is_error ? { is_error } : {}
})

/** What stands in place of a result where nobody waits for it any more. */
export const cancelledResult = ({ id, name }: Pick<ToolCallBlock, "id" | "name">): ToolResultBlock =>
  resultOf(id, { error: "Tool execution was cancelled by user", cancelled: true, tool: name }, true)

const synthetic = "The previous operation was cancelled. Results from completed tools have been preserved."

/** Every call has a result, and the conversation can go on. */
const close = (run: TurnRun): void => {
  const { id, iterations, settings } = run.turn
  const open = openCalls(run.state.messages)
  if (open.length > 0) {
    run.emit(TurnEvents.ToolsAnswered, { turn: id, iteration: iterations, results: open.map(cancelledResult) })
  }
  if (run.state.messages.at(-1)?.role !== "tool") return
  run.emit(TurnEvents.Answered, {
    turn: id,
    iteration: iterations,
    message: { role: "assistant", content: [{ type: "text", text: synthetic }] },
    model: settings.model,
    finish_reason: "cancelled",
    usage: null
  })
}

const cancelled = (run: TurnRun) =>
  run.decide(
    TurnEvents.CancelCompleted,
    Effect.sync(() => {
      const mode = run.options.signals.cancel()
      return mode === undefined ? undefined : { turn: run.turn.id, was_immediate: mode === "immediate" }
    })
  )

type Limit = Omit<typeof TurnEvents.LimitReached.payload.Type, "turn">

const limitOf = Effect.fnUntraced(function*(run: TurnRun) {
  const { iterations, settings: { limits = {} }, usage } = run.turn
  const { max_cost, max_iterations = defaultLimits.max_iterations, max_tokens } = limits
  if (run.options.signals.isLate()) {
    const value = String(limits.max_seconds ?? defaultLimits.max_seconds)
    return { limit: "max_seconds", value } satisfies Limit
  }
  if (iterations >= max_iterations) return { limit: "max_iterations", value: String(iterations) } satisfies Limit
  const tokens = usage?.total_tokens ?? 0
  if (max_tokens !== undefined && tokens >= max_tokens) {
    return { limit: "max_tokens", value: String(tokens) } satisfies Limit
  }
  const most = max_cost === undefined ? undefined : Money.parse(max_cost)
  if (most === undefined || iterations === 0) return undefined
  const text = yield* run.options.ports.cost
  const cost = text === undefined ? undefined : Money.parse(text)
  if (cost === undefined) return { limit: "max_cost", value: "unknown" } satisfies Limit
  return Money.isLess(cost, most) ? undefined : { limit: "max_cost", value: Money.toText(cost) } satisfies Limit
})

/** How the turn ends where somebody has cancelled it; undefined: it goes on. */
export const ifCancelled = Effect.fnUntraced(function*(run: TurnRun): Effect.fn.Return<Outcome | undefined> {
  if (run.options.signals.isClosed()) return outcome("cancelled", "abandoned")
  const cancel = yield* cancelled(run)
  if (cancel === undefined) return undefined
  close(run)
  return outcome("cancelled", cancel.was_immediate ? "immediate" : "graceful")
})

/** How the turn ends where the model may not be called once more; undefined: it may. */
export const ifReached = Effect.fnUntraced(function*(run: TurnRun): Effect.fn.Return<Outcome | undefined> {
  const ended = yield* ifCancelled(run)
  if (ended !== undefined) return ended
  const limit = yield* run.decide(
    TurnEvents.LimitReached,
    Effect.map(limitOf(run), (limit) => limit === undefined ? undefined : { turn: run.turn.id, ...limit })
  )
  return limit === undefined ? undefined : outcome("incomplete", limit.limit)
})
