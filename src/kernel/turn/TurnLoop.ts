/**
 * The loop: call the model, run the tools it calls, feed their results back, until it has answered, somebody is to act, a
 * limit is reached, or the turn is cancelled. However it ends, one `execution:end` says so.
 */
import { Cause, Effect, Exit } from "effect"
import type { Definition, Payload } from "../../events/types/Event.ts"
import { toolCallsOf } from "../messages/ChatResponse.ts"
import * as OthersFirst from "../requests/OthersFirst.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import * as TurnEnd from "./TurnEnd.ts"
import * as TurnEvents from "./TurnEvents.ts"
import * as TurnModel from "./TurnModel.ts"
import type { ServerTool, TurnFailed } from "./TurnPorts.ts"
import type { Options, Outcome } from "./TurnRun.ts"
import { outcome, TurnRun } from "./TurnRun.ts"
import { openCalls } from "./TurnState.ts"
import type { TurnState } from "./TurnState.ts"
import * as TurnTools from "./TurnTools.ts"

/** What the loop is of, where the source's events say so. */
const name = "turn"

const toolsOf = (run: TurnRun) => {
  const { allowed_tools, tool_groups = [], tools = [] } = run.turn.settings
  const toolsWith = (listed: ReadonlyArray<ServerTool>) => {
    const allowed = allowed_tools === undefined
      ? listed
      : listed.filter(({ name, spec }) =>
        allowed_tools.includes(spec.name) || (name !== undefined && allowed_tools.includes(name))
      )
    // A tool of the client goes before one of the server of the same name.
    const client = new Set(tools.map(({ name }) => name))
    const served = allowed.filter(({ spec }) => !client.has(spec.name))
    return {
      specs: [...tools, ...served.map(({ spec }) => spec)],
      server: new Map(served.map((tool) => [tool.spec.name, tool])),
      client
    }
  }
  return tool_groups.length === 0
    ? Effect.succeed(toolsWith([]))
    : Effect.map(run.options.ports.tools(tool_groups), toolsWith)
}

/** What hooks say of what the turn was begun with; undefined: nothing was said, or nobody wants to be asked. */
const promptDecision = (run: TurnRun) => {
  const { hooks, state } = run.options
  const { type } = TurnEvents.PromptSubmitted
  const messages = hooks.wants(type) ? run.state.messages.slice(state.messages.length) : []
  return messages.length === 0 ? Effect.undefined : run.ask({
    type,
    data: { messages: JSON.parse(JSON.stringify(messages)) },
    attributes: { turn: run.turn.id, model: run.turn.settings.model },
    honours: ["deny"]
  })
}

const loop = Effect.fnUntraced(function*(run: TurnRun): Effect.fn.Return<Outcome, TurnFailed> {
  const decision = yield* promptDecision(run)
  if (decision?.action === "deny") {
    const message = `The hook ${decision.hooks.join(", ")} denied this turn: ${decision.reason ?? "it gave no reason"}`
    return { status: "error", reason: "denied_by_hook", error: { type: "denied_by_hook", message } }
  }
  const tools = yield* run.unlessGivenUp(toolsOf(run))
  if (tools === undefined) return (yield* TurnEnd.ifReached(run)) ?? outcome("cancelled", "given_up")
  while (true) {
    const open = openCalls(run.state.messages)
    if (open.length > 0) {
      const ended = yield* TurnTools.run(run, open, tools)
      if (ended !== undefined) return ended
    }
    const ended = yield* TurnEnd.ifReached(run)
    if (ended !== undefined) return ended
    const response = yield* TurnModel.answer(run, tools.specs)
    if (response === undefined) {
      const given = yield* TurnEnd.ifReached(run)
      // It was given up for a reason, and that has been recorded now.
      return given ?? outcome("cancelled", "given_up")
    }
    if (run.hears) yield* run.recording.flush
    if (toolCallsOf(response).length > 0) {
      yield* run.recording.flush
      continue
    }
    const cancelled = yield* TurnEnd.ifCancelled(run)
    if (cancelled !== undefined) return cancelled
    return response.finish_reason === "length" ? outcome("incomplete", "max_output_tokens") : outcome("completed")
  }
})

const outcomeOf = (exit: Exit.Exit<Outcome, TurnFailed>): Outcome => {
  if (Exit.isSuccess(exit)) return exit.value
  if (Cause.hasInterruptsOnly(exit.cause)) return outcome("cancelled", "client_closed")
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "Some") return { status: "error", reason: error.value.error.type, error: error.value.error }
  return { status: "error", reason: "internal", error: { type: "internal", message: "Strata failed." } }
}

/** What the turn adds first; undefined: it goes on where it waited. */
export type Begin = Omit<typeof TurnEvents.Started.payload.Encoded, "turn"> | undefined

/** How an execution of a turn begins. */
export const begin = (
  { execution, turn }: { readonly turn: string; readonly execution: string },
  begin: Begin,
  emit: <D extends Definition>(definition: D, payload: Payload<D>) => unknown
): void => {
  if (begin !== undefined) {
    emit(TurnEvents.PromptSubmitted, { turn, message_count: begin.messages.length })
    emit(TurnEvents.Started, { from: "session", turn, ...begin })
  }
  emit(TurnEvents.ExecutionStarted, { turn, execution })
}

const started = Effect.fnUntraced(function*(run: TurnRun) {
  const { notify, turn } = run.options
  yield* notify({ type: "started", turn })
  yield* OthersFirst.ofMessages(run.state.messages.length)
  // Whoever cancels reads of it in the log.
  if (run.hears) yield* run.recording.flush
})

const end = (run: TurnRun, { error, reason, status }: Outcome): void => {
  const { id: turn, iterations } = run.turn
  const execution = run.recording.options.requestId
  run.emit(TurnEvents.ExecutionEnded, { turn, execution, status, reason, error })
  run.emit(TurnEvents.Completed, { turn, orchestrator: name, turn_count: iterations, status })
}

/** `running`: the turn up to its outcome. However that comes about, it is said. */
const ended = Effect.fnUntraced(function*(run: TurnRun, running: Effect.Effect<Outcome, TurnFailed>) {
  const { options, recording } = run
  const exit = yield* Effect.exit(running)
  end(run, outcomeOf(exit))
  if (run.hears) yield* recording.flush
  if (Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)) return yield* Effect.interrupt
  if (Exit.isFailure(exit) && Cause.hasDies(exit.cause)) yield* Effect.logError(Cause.pretty(exit.cause))
  yield* options.notify({ type: "ended", turn: run.turn })
  return run
})

/** `begun`: gives the run once its beginning is emitted. Where it fails, nothing has begun. */
const toItsEnd = <E>(begun: Effect.Effect<TurnRun, E>): Effect.Effect<TurnRun, E> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(begun, (run) =>
      Effect.provideService(
        ended(run, restore(Effect.andThen(started(run), loop(run)))),
        CurrentRecording,
        run.recording
      ))
  )

const placeOf = ({ recording, turn }: Pick<Options, "recording" | "turn">) => ({
  turn,
  execution: recording.options.requestId
})

export const run = (options: Options, beginning: Begin): Effect.Effect<TurnState> =>
  Effect.map(
    toItsEnd(Effect.sync(() => {
      const run = new TurnRun(options)
      begin(placeOf(options), beginning, (definition, payload) => run.emit(definition, payload))
      return run
    })),
    ({ state }) => state
  )

/** The same of what `begun` has emitted, and committed, before it runs. */
export const runBegun = <E>(
  begun: Effect.Effect<{ readonly options: Options; readonly beginning: Begin }, E>
): Effect.Effect<TurnRun, E> =>
  toItsEnd(Effect.map(begun, ({ beginning, options }) => {
    const run = new TurnRun(options)
    begin(placeOf(options), beginning, (definition, payload) => run.takeIn(definition, payload))
    return run
  }))
