/** Makes a response on the turn loop: what happens in the turn becomes events of the dialect, and what came of it the response. */
import { Clock, Effect } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import { addAll } from "../../events/types/AddAll.ts"
import * as Decision from "../../kernel/calls/Decision.ts"
import * as WireUsage from "../../kernel/dialects/responses/WireUsage.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import type { Degradation } from "../../kernel/messages/ChatResponse.ts"
import * as OthersFirst from "../../kernel/requests/OthersFirst.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import * as ToolNames from "../../kernel/tools/ToolNames.ts"
import * as TurnLoop from "../../kernel/turn/TurnLoop.ts"
import type { ServerTool } from "../../kernel/turn/TurnPorts.ts"
import { failed } from "../../kernel/turn/TurnPorts.ts"
import * as TurnSignals from "../../kernel/turn/TurnSignals.ts"
import type { TurnRecord, TurnState } from "../../kernel/turn/TurnState.ts"
import type { Inference } from "../inference/Inference.ts"
import type { ToolGroups } from "../tool-groups/ToolGroups.ts"
import type { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import * as TurnPortsLive from "../turns/TurnPortsLive.ts"
import type { VectorStores } from "../vector-stores/VectorStores.ts"
import * as FileSearch from "./FileSearch.ts"
import type { ResponseError } from "./ResponseErrors.ts"
import { ResponseFailed, ToolsUnavailable } from "./ResponseErrors.ts"
import type { ResponseEnd } from "./ResponseEvents.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import * as ResponseFailures from "./ResponseFailures.ts"
import * as ResponseItems from "./ResponseItems.ts"
import * as ResponseObject from "./ResponseObject.ts"
import type { Plan } from "./ResponsePlan.ts"
import type { McpServer } from "./ResponseTools.ts"
import * as ResponseTools from "./ResponseTools.ts"
import type { Event, ToolPlace } from "./ResponseWriter.ts"
import { ResponseWriter } from "./ResponseWriter.ts"
import * as WatchedInference from "./WatchedInference.ts"
import * as WebSearch from "./WebSearch.ts"

export interface Served extends TurnPortsLive.Served {
  readonly inference: Inference["Service"] | undefined
  readonly hub: EventHub["Service"]
  readonly hooks: Hooks["Service"]
  readonly stores: VectorStores["Service"] | undefined
  readonly groups: ToolGroups["Service"] | undefined
}

/**
 * Gets events when they happen: those that something led to at once, the number of the first of them, and what the answer has
 * less of so far than was asked for.
 */
export type Emit = (
  events: ReadonlyArray<Event>,
  first: number,
  degradations?: Iterable<Degradation>
) => Effect.Effect<void>

export interface Made {
  readonly end: ResponseEnd
  /** Why it failed. */
  readonly failure: Exclude<ResponseError, { readonly _tag: "ProviderRejected" }> | undefined
  /** What it has less of than was asked for. */
  readonly degradations: ReadonlyArray<Degradation>
  /** True where nobody got anything of it so far: a failure may be the answer. */
  readonly isSilent: boolean
  /** Says how it ended: the last event. */
  readonly finish: (end: ResponseEnd) => Effect.Effect<void>
}

const lastEvent = (plan: Plan, end: ResponseEnd): Event => ({
  type: end.status === "completed"
    ? "response.completed"
    : end.status === "failed"
    ? "response.failed"
    : "response.incomplete",
  response: ResponseObject.make(plan, end)
})

const incomplete = (reason: string) => ({ status: "incomplete", incomplete_details: { reason } })

const statusOf = ({ finishReason, reason, status }: TurnRecord) => {
  switch (status) {
    case "incomplete":
      return incomplete(reason ?? "max_output_tokens")
    case "cancelled":
      return { status: "cancelled", incomplete_details: null }
    case "error":
      return { status: "failed", incomplete_details: null }
    default:
      return finishReason === "content_filter"
        ? incomplete("content_filter")
        : { status: "completed", incomplete_details: null }
  }
}

class Running {
  readonly writer: ResponseWriter
  readonly toolServers = new Map<string, ToolPlace>()
  readonly searches = new FileSearch.FileSearches()
  readonly webSearches = new WebSearch.WebSearches()
  /** What the answer has less of than was asked for, each once. */
  readonly degradations = new Map<string, Degradation>()
  failure: Made["failure"]
  hasBegun = false
  #number = 0
  readonly #plan: Plan
  readonly #emit: Emit | undefined
  readonly #background: boolean

  constructor(plan: Plan, emit: Emit | undefined) {
    this.#plan = plan
    this.#emit = emit
    this.#background = plan.request["background"] === true
    this.writer = new ResponseWriter(plan.id, (tool) => this.toolServers.get(tool), (call) => plan.answers.has(call), {
      searches: this.searches,
      hasResults: plan.search?.hasResults === true,
      web: this.webSearches,
      hasSources: plan.web?.hasSources === true
    })
  }

  readonly fail = (failure: NonNullable<Made["failure"]>): void => {
    this.failure = failure
  }

  readonly note = (degradations: ReadonlyArray<Degradation>): void => {
    for (const each of degradations) this.degradations.set(`${each.requested} -> ${each.actual}`, each)
  }

  #numbered(events: ReadonlyArray<Event>): Effect.Effect<void> {
    const emit = this.#emit
    if (emit === undefined) return Effect.void
    const first = this.#number
    this.#number += events.length
    return emit(events, first, this.degradations.values())
  }

  finish(end: ResponseEnd): Effect.Effect<void> {
    return Effect.suspend(() => this.say([lastEvent(this.#plan, end)]))
  }

  /** The first event waits for the next: until then a failure is an answer of its own. */
  say(events: ReadonlyArray<Event>): Effect.Effect<void> {
    if (events.length === 0) return Effect.void
    if (this.hasBegun) return this.#numbered(events)
    this.hasBegun = true
    const response = ResponseObject.make(this.#plan, undefined)
    const queued = this.#background ? [{ type: "response.queued", response: { ...response, status: "queued" } }] : []
    return this.#numbered([
      { type: "response.created", response },
      ...queued,
      { type: "response.in_progress", response },
      ...events
    ])
  }
}

const serverTool =
  (runtime: ToolRuntime["Service"], mcp: McpServer, recording: Recording) =>
  ({ name, tool }: ToolNames.NamedTool<ResponseTools.ListedTool>): ServerTool => {
    const { headers, needsApproval, place } = mcp
    return {
      spec: {
        name,
        parameters: tool.input_schema,
        ...tool.description === null ? {} : { description: tool.description }
      },
      requiresApproval: needsApproval(tool),
      invoke: (call) =>
        runtime.invoke({ name: tool.name, ...place, headers, arguments: call.arguments, tool_call_id: call.id }).pipe(
          Effect.match({
            onSuccess: TurnPortsLive.outputOf,
            onFailure: ({ message }) => ({ output: recording.mask(message), is_error: true })
          })
        )
    }
  }

/** What the conversation has listed stays listed. */
const listed = (plan: Plan, { isAllowed, label }: McpServer): ReadonlyArray<ResponseTools.ListedTool> | undefined =>
  ResponseItems.listedTools(plan.before.items, label)?.map((tool) => tool as unknown as ResponseTools.ListedTool)
    .filter(isAllowed)

const toolsOf = Effect.fnUntraced(function*(served: Served, running: Running, plan: Plan, recording: Recording) {
  const { tools: runtime } = served
  const tools: Array<ServerTool> = []
  const clients = new Set(plan.settings.tools?.map(({ name }) => name))
  /** A function of the client's goes before a tool of the same name: its calls are the client's to make. */
  const serve = (name: string, place: ToolPlace): void => {
    if (!clients.has(name)) running.toolServers.set(name, place)
  }
  for (const mcp of plan.servers) {
    const { label } = mcp
    if (runtime === undefined) {
      const detail = "the API tool_runtime is not served here: add it to `apis` of the configuration"
      running.failure = new ToolsUnavailable({ server: label, detail })
      return yield* Effect.fail(failed("tools_unavailable", detail))
    }
    const before = listed(plan, mcp)
    const list = before ?? (yield* Effect.catch(ResponseTools.list(runtime, mcp), (error) => {
      const message = recording.mask(error.message)
      running.failure = new ToolsUnavailable({ server: label, detail: message })
      return Effect.fail(failed("tools_unavailable", message))
    }))
    const named = ToolNames.of(list.map((tool) => ({ ...tool, provider: label })), ToolNames.ofModels)
    const taken = named.find(({ name }) => running.toolServers.has(name))
    if (taken !== undefined) {
      const message = `${
        running.toolServers.get(taken.name)?.label
      } has a tool ${taken.name}, too: leave it out with allowed_tools`
      running.failure = new ToolsUnavailable({ server: label, detail: message })
      return yield* Effect.fail(failed("invalid_request", message))
    }
    for (const { name, tool } of named) serve(name, { label, tool: tool.name })
    if (before === undefined) {
      yield* running.say(running.writer.tools(label, list as unknown as ReadonlyArray<Event>, null))
    }
    addAll(tools, named.map(serverTool(runtime, mcp, recording)))
  }
  if (plan.search !== undefined) {
    if (served.stores === undefined) {
      const detail = "the API vector_stores is not served here: add it to `apis` of the configuration"
      running.failure = new ToolsUnavailable({ server: FileSearch.toolName, detail })
      return yield* Effect.fail(failed("tools_unavailable", detail))
    }
    serve(FileSearch.toolName, { label: FileSearch.label, tool: FileSearch.toolName })
    tools.push(FileSearch.tool(served.stores, plan.search, running.searches))
  }
  if (plan.web !== undefined && runtime !== undefined) {
    serve(WebSearch.toolName, { label: WebSearch.label, tool: WebSearch.toolName })
    tools.push(WebSearch.tool(runtime, plan.web, running.webSearches, (text) => recording.mask(text)))
  }
  return tools
})

const left = ({ writer }: Running): ResponseEnd => ({
  status: "cancelled",
  output: writer.output,
  usage: null,
  error: null,
  incomplete_details: null,
  completed_at: null
})

/**
 * Runs the turn within the request of the recording. Without `emit` the model is not asked to stream. `onLeft` gets what was
 * whole where its client leaves, to whom its events have named it.
 */
export const run = Effect.fnUntraced(function*(
  served: Served,
  plan: Plan,
  recording: Recording,
  emit: Emit | undefined,
  onLeft: (end: ResponseEnd) => Effect.Effect<void, ResponseError> = () => Effect.void
): Effect.fn.Return<Made> {
  const running = new Running(plan, emit)
  // It has no limit of cost, and nobody asks for it.
  const inference = WatchedInference.of(served.inference, running, plan.request["tools"])
  const ports = TurnPortsLive.make({ ...served, inference }, recording, 0)
  const turn = plan.id
  const before: TurnState = { messages: yield* plan.before.messages, turns: [] }
  yield* OthersFirst.ofMessages(before.messages.length)
  const isStreamed = emit !== undefined
  const state = yield* TurnLoop.run({
    recording,
    ports: { ...ports, tools: () => toolsOf(served, running, plan, recording) },
    signals: TurnSignals.silent,
    hooks: served.hooks,
    state: before,
    turn,
    stream: isStreamed,
    unknownIsClients: true,
    answers: plan.answers,
    notify: (update) =>
      Effect.suspend(() => {
        const events = running.writer.update(update, isStreamed)
        return isStreamed ? running.say(events) : Effect.void
      })
  }, {
    messages: plan.messages,
    settings: plan.settings,
    ...plan.conversation === null ? { from: { turn: plan.previous } } : {},
    ...Object.keys(plan.calls).length === 0 ? {} : { calls: plan.calls }
  }).pipe(Effect.onInterrupt(() =>
    Effect.catch(
      running.hasBegun ? onLeft(left(running)) : Effect.void,
      ({ message }) => Effect.logWarning(`The response ${turn} is not kept: ${message}`)
    )
  ))
  const record = state.turns.find(({ id }) => id === turn)!
  const status = statusOf(record)
  if (status.status === "failed") {
    running.failure ??= new ResponseFailed({
      code: record.error?.type ?? "server_error",
      message: record.error?.message ?? "The response could not be made."
    })
  }
  const { failure } = running
  const decided = yield* Decision.make(
    Decision.ofRequest(recording),
    ResponseEvents.Timed,
    Effect.map(Clock.currentTimeMillis, (now) => ({
      response: plan.id,
      status: status.status,
      completed_at: Math.floor(now / 1000)
    }))
  )
  const end: ResponseEnd = {
    ...status,
    output: running.writer.output,
    ...running.writer.waiting.size === 0 ? {} : { calls: Object.fromEntries(running.writer.waiting) },
    usage: record.usage === null ? null : WireUsage.lower(record.usage),
    error: status.status === "failed" && failure !== undefined ? ResponseFailures.errorOf(failure) : null,
    completed_at: status.status === "completed" ? decided?.payload.completed_at ?? plan.created_at : null
  }
  // What was said so far is all there is where nothing came.
  const isSilent = !running.hasBegun
  return {
    finish: (end) => running.finish(end),
    end,
    failure: status.status === "failed" ? failure : undefined,
    isSilent,
    degradations: [...running.degradations.values()]
  }
})
