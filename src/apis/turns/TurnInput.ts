/** What a turn begins with: its messages and its settings, checked against what the session has come to. */
import { Equal, Result, Struct } from "effect"
import type { ToolResultBlock } from "../../kernel/messages/ContentBlock.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import { blocksOf } from "../../kernel/messages/Message.ts"
import { cancelledResult, resultOf } from "../../kernel/turn/TurnEnd.ts"
import type { TurnSettings } from "../../kernel/turn/TurnSettings.ts"
import type { TurnState } from "../../kernel/turn/TurnState.ts"
import { openCalls } from "../../kernel/turn/TurnState.ts"
import { TurnInvalid } from "./TurnErrors.ts"
import type { CreateTurn } from "./TurnsModels.ts"

export interface Begin {
  readonly messages: ReadonlyArray<Message>
  /** Null: as the turn before. */
  readonly settings: TurnSettings | null
}

const invalid = (param: string, message: string, code: string | null = null) =>
  Result.fail(new TurnInvalid({ param, message, code }))

const conversational = ["input", "tool_results", "stream", "model"] as const

const settingsOf = (
  request: CreateTurn,
  before: TurnSettings | undefined
): Result.Result<TurnSettings, TurnInvalid> => {
  const given = Struct.omit(request, conversational)
  const model = request.model ?? before?.model
  if (model === undefined || model === "") {
    return invalid("model", "model: missing: name the model of the session's first turn, as GET /v1/models lists it.")
  }
  const inherited = Object.keys(given).length === 0 && before !== undefined ? Struct.omit(before, ["model"]) : given
  return Result.succeed({ ...inherited, model })
}

const isResult = (block: { readonly type: string }): block is ToolResultBlock => block.type === "tool_result"

const inputOf = ({ input }: CreateTurn): ReadonlyArray<Message> =>
  input === undefined ? [] : typeof input === "string" ? [{ role: "user", content: input }] : input

/** Results behind the calls: those that were sent, and for calls that nobody answers any more what says so. */
const resultsOf = (
  { tool_results = [] }: CreateTurn,
  input: ReadonlyArray<Message>,
  state: TurnState
): Result.Result<ReadonlyArray<ToolResultBlock>, TurnInvalid> => {
  const open = openCalls(state.messages)
  const given = new Set([
    ...tool_results.map(({ tool_call_id }) => tool_call_id),
    ...input.flatMap(blocksOf).filter(isResult).map(({ tool_call_id }) => tool_call_id)
  ])
  const unknown = [...given].find((id) => open.every((call) => call.id !== id))
  if (unknown !== undefined) {
    const there = open.length === 0 ? "none waits for a result" : `these wait: ${open.map(({ id }) => id).join(", ")}`
    return invalid(
      "tool_results",
      `There is no call \`${unknown}\` that waits for a result; ${there}.`,
      "unknown_tool_call"
    )
  }
  const missing = open.filter(({ id }) => !given.has(id))
  const waits = state.turns.at(-1)?.status === "requires_action"
  if (missing.length > 0 && waits && (given.size > 0 || input.length > 0)) {
    const ids = missing.map(({ id, name }) => `${id} (${name})`).join(", ")
    return invalid(
      "tool_results",
      `The turn before waits for results of its calls: ${ids}. Send one for each; where a tool has failed, with is_error.`,
      "missing_tool_results"
    )
  }
  const sent = tool_results.map(({ is_error = false, output, tool_call_id }) =>
    resultOf(tool_call_id, output, is_error)
  )
  return Result.succeed(input.length === 0 ? sent : [...sent, ...missing.map(cancelledResult)])
}

export const make = (request: CreateTurn, state: TurnState): Result.Result<Begin, TurnInvalid> => {
  const before = state.turns.at(-1)?.settings
  const input = inputOf(request)
  const settings = settingsOf(request, before)
  if (Result.isFailure(settings)) return Result.fail(settings.failure)
  const results = resultsOf(request, input, state)
  if (Result.isFailure(results)) return Result.fail(results.failure)
  const messages = results.success.length === 0
    ? input
    : [{ role: "tool" as const, content: results.success }, ...input]
  const last = [...state.messages, ...messages].at(-1)
  if (
    last === undefined || (messages.length === 0 && last.role === "assistant" && openCalls(state.messages).length === 0)
  ) {
    return invalid(
      "input",
      "input: missing: the model has answered all there is. Say something to go on.",
      "input_missing"
    )
  }
  const same = before !== undefined && Equal.equals(before, settings.success)
  return Result.succeed({ messages, settings: same ? null : settings.success })
}
