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

const limitOf = (run: TurnRun): Effect.Effect<Limit | undefined> => {
  const { iterations, settings: { limits = {} }, usage } = run.turn
  const { max_cost, max_iterations = defaultLimits.max_iterations, max_tokens } = limits
  const reached = (limit: Limit["limit"], value: string) => Effect.succeed<Limit>({ limit, value })
  if (run.options.signals.isLate()) {
    return reached("max_seconds", String(limits.max_seconds ?? defaultLimits.max_seconds))
  }
  if (iterations >= max_iterations) return reached("max_iterations", String(iterations))
  const tokens = usage?.total_tokens ?? 0
  if (max_tokens !== undefined && tokens >= max_tokens) return reached("max_tokens", String(tokens))
  const most = max_cost === undefined ? undefined : Money.parse(max_cost)
  return most === undefined || iterations === 0 ? Effect.undefined : Effect.map(run.options.ports.cost, (text) => {
    const cost = text === undefined ? undefined : Money.parse(text)
    if (cost === undefined) return { limit: "max_cost", value: "unknown" }
    return Money.isLess(cost, most) ? undefined : { limit: "max_cost", value: Money.toText(cost) }
  })
}

/** How the turn ends where somebody has cancelled it; undefined: it goes on. */
export const ifCancelled = (run: TurnRun): Effect.Effect<Outcome | undefined> =>
  Effect.suspend(() =>
    run.options.signals.isClosed() ? Effect.succeed(outcome("cancelled", "abandoned")) : Effect.map(
      cancelled(run),
      (cancel) => {
        if (cancel === undefined) return undefined
        close(run)
        return outcome("cancelled", cancel.was_immediate ? "immediate" : "graceful")
      }
    )
  )

/** How the turn ends where the model may not be called once more; undefined: it may. */
export const ifReached = (run: TurnRun): Effect.Effect<Outcome | undefined> =>
  Effect.flatMap(ifCancelled(run), (ended) => {
    if (ended !== undefined) return Effect.succeed(ended)
    const live = Effect.suspend(() => limitOf(run))
    const reached = Effect.map(live, (limit) => limit === undefined ? undefined : { turn: run.turn.id, ...limit })
    return Effect.map(
      run.decide(TurnEvents.LimitReached, reached),
      (limit) => limit === undefined ? undefined : outcome("incomplete", limit.limit)
    )
  })
