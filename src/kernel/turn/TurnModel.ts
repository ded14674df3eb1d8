/** One call of the model in a turn: with the conversation as it stands, shorter where it is too long. */
import { Effect, Predicate, Struct } from "effect"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ChatResponse } from "../messages/ChatResponse.ts"
import { toolCallsOf } from "../messages/ChatResponse.ts"
import type { ToolChoice, ToolSpec } from "../messages/Tools.ts"
import * as ToolNames from "../tools/ToolNames.ts"
import * as Compaction from "./Compaction.ts"
import * as TurnEvents from "./TurnEvents.ts"
import type { TurnFailed } from "./TurnPorts.ts"
import type { TurnRun } from "./TurnRun.ts"
import type { TurnSettings } from "./TurnSettings.ts"
import { samplingNames } from "./TurnSettings.ts"
import type { TurnRecord } from "./TurnState.ts"

/** A choice that was obeyed once is not repeated: the model would never answer. */
const choiceOf = (
  { iterations, settings: { tool_choice } }: TurnRecord,
  tools: ReadonlyArray<ToolSpec>
): Pick<ChatRequest, "tool_choice"> =>
  tool_choice == null
    ? {}
    : { tool_choice: iterations > 0 && tool_choice !== "none" ? "auto" : named(tool_choice, tools) }

/** A tool that is chosen by its server's name has the one that the model is given. */
const named = (choice: ToolChoice, tools: ReadonlyArray<ToolSpec>): ToolChoice => {
  const given = Predicate.isString(choice) ? undefined : choice["name"]
  if (!Predicate.isString(given) || tools.some(({ name }) => name === given)) return choice
  const name = ToolNames.plain(given, ToolNames.ofModels)
  return tools.some((tool) => tool.name === name) ? { name } : choice
}

const requestOf = ({ state, turn }: TurnRun, tools: ReadonlyArray<ToolSpec>): ChatRequest => {
  const { instructions, model, ...settings } = turn.settings
  const { tool_choice: _, ...sampled } = Struct.pick(settings, samplingNames)
  return {
    ...sampled,
    model,
    messages: [
      ...instructions === undefined ? [] : [{ role: "system" as const, content: instructions }],
      ...state.messages
    ],
    ...tools.length === 0 ? {} : { tools, ...choiceOf(turn, tools) }
  }
}

const textOf = ({ content }: ChatResponse): string =>
  content.flatMap((block) => block.type === "text" && Predicate.isString(block["text"]) ? [block["text"]] : []).join(
    "\n"
  )

/** True where it was given up. */
const compact = Effect.fnUntraced(function*(
  run: TurnRun,
  tools: ReadonlyArray<ToolSpec>,
  compaction: NonNullable<TurnSettings["compaction"]>
): Effect.fn.Return<boolean, TurnFailed> {
  const { id, settings: { model } } = run.turn
  const request = requestOf(run, tools)
  const { messages } = run.state
  const others = { ...request, messages: request.messages.slice(0, request.messages.length - messages.length) }
  const removed_count = Compaction.removable(messages, compaction, others)
  if (removed_count === 0) return false
  run.emit(TurnEvents.PreCompact, {
    turn: id,
    message_count: messages.length,
    token_count: Compaction.tokensOf(request)
  })
  const { strategy = "drop_oldest" } = compaction
  const answer = strategy === "drop_oldest" ? null : yield* run.unlessGivenUp(
    run.options.ports.complete(Compaction.summaryRequest(model, messages.slice(0, removed_count)), undefined)
  )
  if (answer === undefined) return true
  const summary = answer === null ? null : Compaction.summaryMessage(textOf(answer))
  const kept = [...summary === null ? [] : [summary], ...messages.slice(removed_count)]
  run.emit(TurnEvents.Compacted, {
    turn: id,
    strategy,
    removed_count,
    summary,
    usage: answer?.usage ?? null,
    message_count: kept.length,
    token_count: Compaction.tokensOf({ ...others, messages: [...others.messages, ...kept] })
  })
  yield* run.options.notify({ type: "compacted", removed_count, summary })
  return false
})

/** True where the model has refused the conversation as too long, and it is shorter now. */
const truncate = Effect.fnUntraced(function*(run: TurnRun, { error }: TurnFailed) {
  const { id, settings: { truncation } } = run.turn
  const { messages } = run.state
  const removed_count = truncation === "auto" && error.type === "context_length" ? Compaction.truncatable(messages) : 0
  if (removed_count === 0) return false
  const kept = messages.slice(removed_count)
  run.emit(TurnEvents.Compacted, {
    turn: id,
    strategy: "drop_oldest",
    removed_count,
    summary: null,
    usage: null,
    message_count: kept.length,
    token_count: Compaction.tokensOf({ model: "", messages: kept })
  })
  yield* run.options.notify({ type: "compacted", removed_count, summary: null })
  return true
})

/** The answer is added to the conversation; undefined: it was given up. */
export const answer = (
  run: TurnRun,
  tools: ReadonlyArray<ToolSpec>
): Effect.Effect<ChatResponse | undefined, TurnFailed> =>
  Effect.catch(
    answerOnce(run, tools),
    (failed) => Effect.flatMap(truncate(run, failed), (again) => again ? answer(run, tools) : Effect.fail(failed))
  )

const answerOnce = Effect.fnUntraced(function*(
  run: TurnRun,
  tools: ReadonlyArray<ToolSpec>
): Effect.fn.Return<ChatResponse | undefined, TurnFailed> {
  const { notify, ports, stream } = run.options
  const iteration = run.turn.iterations + 1
  const { id: turn, settings: { compaction, model } } = run.turn
  const failed = ({ error }: TurnFailed) =>
    Effect.sync(() => void run.emit(TurnEvents.ProviderFailed, { turn, iteration, model, error }))
  if (compaction !== undefined && (yield* Effect.tapError(compact(run, tools, compaction), failed))) return undefined
  const request = requestOf(run, tools)
  run.emit(TurnEvents.ProviderRequested, {
    turn,
    iteration,
    model,
    message_count: request.messages.length,
    tool_count: tools.length
  })
  const response = yield* run.unlessGivenUp(
    ports.complete(request, stream ? (parts) => notify({ type: "parts", iteration, parts }) : undefined)
  ).pipe(Effect.tapError(failed))
  if (response === undefined) return undefined
  const { finish_reason = null, usage = null } = response
  run.emit(TurnEvents.ProviderAnswered, {
    turn,
    iteration,
    model,
    finish_reason,
    tool_call_count: toolCallsOf(response).length,
    usage
  })
  const message = { role: "assistant" as const, content: response.content }
  run.emit(TurnEvents.Answered, { turn, iteration, message, model, finish_reason, usage })
  yield* notify({ type: "message", iteration, message, usage })
  return response
})
