/** The turn loop in this process: with a model and tools by a script, over a log in memory. */
import { Clock, Effect, Layer, Struct } from "effect"
import type { Schema } from "effect"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import type { Hook } from "../../src/kernel/hooks/Hook.ts"
import { Hooks } from "../../src/kernel/hooks/Hooks.ts"
import type { ChatRequest } from "../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../src/kernel/messages/ChatResponse.ts"
import type { Message } from "../../src/kernel/messages/Message.ts"
import { Recording } from "../../src/kernel/requests/Recording.ts"
import * as TurnLoop from "../../src/kernel/turn/TurnLoop.ts"
import type { ToolOutput, TurnPorts } from "../../src/kernel/turn/TurnPorts.ts"
import { failed } from "../../src/kernel/turn/TurnPorts.ts"
import type { Options } from "../../src/kernel/turn/TurnRun.ts"
import type { TurnSettings } from "../../src/kernel/turn/TurnSettings.ts"
import * as TurnSignals from "../../src/kernel/turn/TurnSignals.ts"
import type { TurnState } from "../../src/kernel/turn/TurnState.ts"
import { fold } from "../../src/kernel/turn/TurnState.ts"
import type { TurnUpdate } from "../../src/kernel/turn/TurnUpdate.ts"
import * as MemoryHub from "./MemoryHub.ts"

export const session = "s"

/** What a model says: a text, calls of tools, or that it fails. */
export type Step = string | ReadonlyArray<string> | { readonly fails: string }

export interface Script {
  /** The model's answers, one after the other; behind the last it says `done`. */
  readonly answers: ReadonlyArray<Step>
  /** What each tool of the server gives; default its own name. */
  readonly tools?: Readonly<Record<string, (input: Schema.JsonObject) => Effect.Effect<ToolOutput>>>
  readonly requiresApproval?: ReadonlyArray<string>
  readonly cost?: string
}

const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }

const answerOf = (step: Exclude<Step, { readonly fails: string }>, count: number): ChatResponse => ({
  content: typeof step === "string"
    ? [{ type: "text", text: step }]
    : step.map((name, index) => ({
      type: "tool_call" as const,
      id: `call_${count}_${index}`,
      name,
      input: { n: index }
    })),
  finish_reason: typeof step === "string" ? "stop" : "tool_calls",
  usage
})

/** Of a script, and what the model was asked. */
export const portsOf = ({ answers, cost, requiresApproval = [], tools = {} }: Script) => {
  const asked: Array<ChatRequest> = []
  const ports: TurnPorts = {
    complete: (request) =>
      Effect.suspend(() => {
        const step = answers[asked.length] ?? "done"
        asked.push(request)
        return typeof step === "object" && "fails" in step
          ? Effect.fail(failed(step.fails, `it ${step.fails}`))
          : Effect.succeed(answerOf(step, asked.length))
      }),
    tools: () =>
      Effect.succeed(
        Object.entries(tools).map(([name, run]) => ({
          spec: { name, parameters: { type: "object" } },
          requiresApproval: requiresApproval.includes(name),
          invoke: (call) => run(call.arguments)
        }))
      ),
    cost: Effect.succeed(cost)
  }
  return { asked, ports }
}

export const says = (output: string, is_error = false) => () => Effect.succeed({ output, is_error })

export const layer = (hooks: ReadonlyArray<Hook> = []) =>
  Layer.mergeAll(Layer.empty, ...hooks.map(Hooks.contribute)).pipe(
    Layer.provideMerge(Hooks.layer({ timeout: "5 seconds", maxContextCharacters: 1000 })),
    Layer.provideMerge(MemoryHub.layer)
  )

export interface Turn {
  readonly ports: TurnPorts
  readonly settings?: Partial<TurnSettings>
  readonly messages?: ReadonlyArray<Message>
  readonly signals?: TurnSignals.TurnSignals
  /** It goes on with this turn; default: it begins. */
  readonly resumes?: string
}

let requests = 0

/** One execution in the session, as the log has it so far; gives what it came to in the process, and of the log. */
export const run = Effect.fnUntraced(
  function*({ ports, resumes, settings = {}, signals = TurnSignals.silent, ...turn }: Turn) {
    const hub = yield* EventHub
    const requestId = `0199a2b4-0000-7000-8000-${String(++requests).padStart(8, "0")}0000`
    const recording = new Recording({
      hub,
      clock: yield* Clock.Clock,
      requestId,
      sessionId: session,
      parentSessionId: null,
      level: "raw",
      secrets: []
    })
    const before = fold(yield* readAll(hub, { sessionId: session }))
    const updates: Array<TurnUpdate> = []
    const options: Options = {
      recording,
      ports,
      signals,
      hooks: yield* Hooks,
      state: before,
      turn: resumes ?? requestId,
      stream: false,
      notify: (update) => Effect.sync(() => void updates.push(update))
    }
    const { messages = [{ role: "user", content: "Hello?" }] } = turn
    const begin = resumes === undefined
      ? { messages, settings: { model: "m", tool_groups: ["tools"], ...settings } }
      : undefined
    const state = yield* TurnLoop.run(options, begin)
    yield* recording.commit
    return { state, turn: state.turns.find(({ id }) => id === options.turn)!, updates }
  }
)

/** As a reader of the log folds it. */
export const folded = Effect.flatMap(
  EventHub,
  (hub) => Effect.map(readAll(hub, { sessionId: session }), (events) => fold(events))
)

/** Without where its events stand: in the process nobody knows yet. */
export const withoutPositions = ({ messages, turns }: TurnState) => ({
  messages,
  turns: turns.map((turn) => Struct.omit(turn, ["began", "position"]))
})

export const events = (types: ReadonlyArray<string>) =>
  Effect.flatMap(EventHub, (hub) => readAll(hub, { sessionId: session, types }))
