/** Runs calls of tools side by side, each in a branch of the recording: what is recorded does not depend on which is faster. */
import { Effect } from "effect"
import { CurrentCause } from "../calls/Call.ts"
import * as Decision from "../calls/Decision.ts"
import type { ToolCallBlock, ToolResultBlock } from "../messages/ContentBlock.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { cancelledResult, resultOf } from "./TurnEnd.ts"
import * as TurnEvents from "./TurnEvents.ts"
import type { ServerTool } from "./TurnPorts.ts"
import type { TurnRun } from "./TurnRun.ts"
import { defaultLimits } from "./TurnSettings.ts"

export interface Runnable {
  readonly call: ToolCallBlock
  /** Undefined: there is a result already. */
  readonly tool: ServerTool | undefined
  readonly result: ToolResultBlock | undefined
}

/** Results are handed over in the order of their calls. */
const inOrder = (run: TurnRun, calls: ReadonlyArray<Runnable>) => {
  const results = new Map<number, ToolResultBlock>()
  let next = 0
  return (index: number, result: ToolResultBlock): Effect.Effect<void> =>
    Effect.gen(function*() {
      results.set(index, result)
      for (let ready = results.get(next); ready !== undefined; ready = results.get(next)) {
        const { call } = calls[next]!
        next += 1
        yield* run.options.notify({
          type: "tool_completed",
          iteration: run.turn.iterations,
          tool_call_id: call.id,
          tool_name: call.name,
          output: ready.output,
          is_error: ready.is_error === true
        })
      }
    })
}

/** The call of a tool, if it may begin still. */
const invoked = Effect.fnUntraced(function*(run: TurnRun, branchName: string, { call, tool }: Runnable, group: string) {
  const { id: turn } = run.turn
  const named = { turn, tool_call_id: call.id, tool_name: call.name }
  const branch = run.recording.branch(branchName)
  const skipped = yield* Decision.make(
    Decision.ofRequest(branch),
    TurnEvents.ToolSkipped,
    Effect.sync(() => run.options.signals.cancel() === undefined ? undefined : named)
  )
  if (skipped !== undefined) return cancelledResult(call)
  const origin = branch.emit(TurnEvents.ToolStarted, { ...named, parallel_group_id: group }, {
    causationId: branch.origin
  })
  const output = yield* run.unlessGivenUp(tool!.invoke({ id: call.id, arguments: call.input })).pipe(
    Effect.catchDefect((defect) =>
      Effect.as(Effect.logError(`The tool ${call.name} has a bug`, defect), {
        output: "The tool failed.",
        is_error: true
      })
    ),
    Effect.provideService(CurrentRecording, branch),
    Effect.provideService(CurrentCause, origin)
  )
  const is_error = output === undefined || output.is_error
  branch.emit(TurnEvents.ToolEnded, { ...named, parallel_group_id: group, is_error }, { causationId: origin })
  return output === undefined ? cancelledResult(call) : resultOf(call.id, output.output, is_error)
})

/** The results, in the order of the calls. */
export const run = Effect.fnUntraced(function*(
  run: TurnRun,
  calls: ReadonlyArray<Runnable>
): Effect.fn.Return<ReadonlyArray<ToolResultBlock>> {
  const { iterations, settings } = run.turn
  const { max_parallel_tools = defaultLimits.max_parallel_tools } = settings
  const completed = inOrder(run, calls)
  const group = `step${iterations}`
  for (const { call, tool } of calls) {
    if (tool === undefined) continue
    yield* run.options.notify({
      type: "tool_started",
      iteration: iterations,
      call: { id: call.id, name: call.name, arguments: call.input }
    })
  }
  return yield* Effect.forEach(
    calls,
    (each, index) =>
      (each.result === undefined ? invoked(run, `${group}/tool${index + 1}`, each, group) : Effect.succeed(each.result))
        .pipe(Effect.tap((result) => completed(index, result))),
    { concurrency: max_parallel_tools }
  )
})
