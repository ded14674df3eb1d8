/** The calls of an answer: which are made, which wait for an approval, which are the client's. */
import { Effect } from "effect"
import type { ToolCallBlock, ToolResultBlock } from "../messages/ContentBlock.ts"
import * as Approvals from "./Approvals.ts"
import type { Runnable } from "./ToolCalls.ts"
import * as ToolCalls from "./ToolCalls.ts"
import * as TurnEnd from "./TurnEnd.ts"
import * as TurnEvents from "./TurnEvents.ts"
import type { ServerTool } from "./TurnPorts.ts"
import type { Outcome, TurnRun } from "./TurnRun.ts"
import { outcome } from "./TurnRun.ts"
import { defaultLimits } from "./TurnSettings.ts"
import type { Approval } from "./TurnState.ts"
import { pending } from "./TurnState.ts"

export interface Tools {
  readonly server: ReadonlyMap<string, ServerTool>
  readonly client: ReadonlySet<string>
  readonly unknownIsClients: boolean
}

const failed = ({ id }: ToolCallBlock, text: string): ToolResultBlock => TurnEnd.resultOf(id, text, true)

const unknown = (call: ToolCallBlock, { client, server }: Pick<Tools, "client" | "server">): ToolResultBlock => {
  const names = [...server.keys(), ...client]
  const there = names.length === 0 ? "there are none" : `there is: ${names.join(", ")}`
  return failed(call, `There is no tool ${call.name}; ${there}.`)
}

const denied = (call: ToolCallBlock, reason: string | null): ToolResultBlock =>
  failed(call, `The call was denied${reason === null ? "" : `: ${reason}`}. It was not made.`)

/** Of those that are still to be made. */
const approvalOf = ({ turn }: TurnRun, { id, name }: ToolCallBlock): Approval | undefined =>
  turn.approvals.findLast(({ isSpent, toolCallId, toolName }) => !isSpent && toolCallId === id && toolName === name)

/** Asks for the approvals that calls need; gives the results of those that are refused. */
const ask = Effect.fnUntraced(function*(run: TurnRun, open: ReadonlyArray<ToolCallBlock>, { server }: Tools) {
  const refused = new Map<ToolCallBlock, ToolResultBlock>()
  const { limits: { max_tool_calls = defaultLimits.max_tool_calls } = {} } = run.turn.settings
  let left = max_tool_calls - run.turn.toolCalls
  for (const call of open) {
    const tool = server.get(call.name)
    if (tool === undefined) continue
    if (left-- <= 0) {
      refused.set(call, failed(call, `At most ${max_tool_calls} calls of tools are made in this turn.`))
      continue
    }
    if (approvalOf(run, call) !== undefined) continue
    const need = yield* Approvals.needOf(run, call, tool)
    if (need === undefined) continue
    if ("refused" in need) refused.set(call, denied(call, need.refused))
    else if (open.some((other) => other !== call && other.id === call.id)) {
      // Nobody could tell which of them was approved.
      refused.set(call, failed(call, `Two calls have the id ${call.id}: give each its own. None was made.`))
    } else yield* Approvals.require(run, call, need)
  }
  return refused
})

const runnableOf = (
  call: ToolCallBlock,
  tools: Tools,
  { approval, refused }: { readonly approval: Approval | undefined; readonly refused: ToolResultBlock | undefined }
): Runnable | undefined => {
  const tool = tools.server.get(call.name)
  if (refused !== undefined) return { call, tool: undefined, result: refused }
  if (tool === undefined) {
    return tools.unknownIsClients || tools.client.has(call.name)
      ? undefined
      : { call, tool, result: unknown(call, tools) }
  }
  if (approval === undefined || approval.decided === "granted") return { call, tool, result: undefined }
  return approval.decided === "denied" ? { call, tool: undefined, result: denied(call, approval.reason) } : undefined
}

/** Makes the calls that can be made. How the turn ends where some can't; undefined: all have their results. */
export const run = Effect.fnUntraced(function*(
  run: TurnRun,
  open: ReadonlyArray<ToolCallBlock>,
  given: Omit<Tools, "unknownIsClients">
): Effect.fn.Return<Outcome | undefined> {
  const tools: Tools = { ...given, unknownIsClients: run.options.unknownIsClients === true }
  const refused = yield* ask(run, open, tools)
  if (pending(run.turn).length > 0) {
    yield* Approvals.settle(run, new Map(open.map(({ id, input }) => [id, input])))
  }
  const ended = yield* TurnEnd.ifCancelled(run)
  if (ended !== undefined) return ended
  const runnable = open.flatMap((call) => {
    const each = runnableOf(call, tools, { approval: approvalOf(run, call), refused: refused.get(call) })
    return each === undefined ? [] : [each]
  })
  if (runnable.length > 0) {
    const results = yield* ToolCalls.run(run, runnable)
    const { id: turn, iterations: iteration } = run.turn
    run.emit(TurnEvents.ToolsAnswered, { turn, iteration, results })
  }
  if (runnable.length === open.length) return undefined
  const cancelled = yield* TurnEnd.ifCancelled(run)
  return cancelled ?? outcome(pending(run.turn).length > 0 ? "requires_approval" : "requires_action")
})
