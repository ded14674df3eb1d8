/** What is to be done for a request: its settings, the conversation before it, what is said anew. */
import { Effect, Predicate, Result } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn, saying, textOrNull, without } from "../../events/types/JsonAccess.ts"
import { responses } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import * as OthersFirst from "../../kernel/requests/OthersFirst.ts"
import * as ToolNames from "../../kernel/tools/ToolNames.ts"
import type { TurnSettings } from "../../kernel/turn/TurnSettings.ts"
import { samplingNames } from "../../kernel/turn/TurnSettings.ts"
import type { Answer } from "../../kernel/turn/TurnSignals.ts"
import * as AskedForms from "./AskedForms.ts"
import * as ChosenTools from "./ChosenTools.ts"
import * as FileSearch from "./FileSearch.ts"
import * as ItemMessages from "./ItemMessages.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"
import type { Item } from "./ResponseItems.ts"
import * as ResponseItems from "./ResponseItems.ts"
import * as ResponseObject from "./ResponseObject.ts"
import type { Chain } from "./ResponseStore.ts"
import type { McpServer } from "./ResponseTools.ts"
import * as TranslatedForms from "./TranslatedForms.ts"
import * as WebSearch from "./WebSearch.ts"

type Body = Schema.JsonObject

/** What Strata does of it itself: no vendor learns of it. */
const own = [
  "background",
  "conversation",
  "input",
  "instructions",
  "max_infer_iters",
  "max_tool_calls",
  "previous_response_id",
  "prompt",
  "store",
  "stream",
  "stream_options"
] as const

export interface Plan extends ResponseObject.Asked {
  readonly settings: TurnSettings
  /** The conversation that it goes on from. */
  readonly before: Chain
  /** What is said anew, as it is kept. */
  readonly input: ReadonlyArray<Item>
  readonly messages: ReadonlyArray<Message>
  readonly servers: ReadonlyArray<McpServer>
  /** Which vector stores the model may search; undefined: none. */
  readonly search: FileSearch.FileSearchPlan | undefined
  /** Who searches the web for the model; undefined: nobody, or its vendor. */
  readonly web: WebSearch.WebSearchPlan | undefined
  /** Answers to requests for approvals, by the call's id. */
  readonly answers: ReadonlyMap<string, Answer>
  /** Calls that wait for an approval have the request's id: that one by the one that the model gave. */
  readonly calls: Readonly<Record<string, string>>
  readonly isStored: boolean
}

const maxPairs = 16
const maxKey = 64
const maxValue = 512

const metadataProblem = (metadata: Schema.Json | undefined): ResponseInvalid | undefined => {
  if (!isFields(metadata)) return undefined
  const pairs = Object.entries(metadata)
  if (pairs.length > maxPairs) {
    return invalid("metadata", `metadata: ${pairs.length} pairs, and at most ${maxPairs} are kept: leave some out.`)
  }
  const key = pairs.find(([key]) => key.length > maxKey)?.[0]
  if (key !== undefined) {
    return invalid("metadata", `metadata: the key ${key.slice(0, 80)} is longer than ${maxKey} characters.`)
  }
  const long = pairs.find(([, value]) => String(value).length > maxValue)?.[0]
  return long === undefined
    ? undefined
    : invalid(`metadata.${long}`, `metadata.${long}: longer than ${maxValue} characters.`)
}

/** What of a request can't be, whoever answers it. */
export const problem = (body: Body): ResponseInvalid | undefined => {
  const { background, conversation, input, model, previous_response_id, prompt, store } = body
  if (textOrNull(model) === null || model === "") {
    return invalid("model", "model: missing: name the model, as GET /v1/models lists it.", "missing_required_parameter")
  }
  if (previous_response_id != null && conversation != null) {
    return invalid(
      "conversation",
      "conversation: give it or previous_response_id, not both: each says what goes before.",
      "mutually_exclusive_parameters"
    )
  }
  if (input == null && previous_response_id == null && conversation == null && prompt == null) {
    return invalid(
      "input",
      "input: missing: say something, or name what to go on from (previous_response_id, conversation, prompt).",
      "missing_required_parameter"
    )
  }
  if (background === true && store === false) {
    return invalid(
      "store",
      "store: a response in the background is kept, for else nobody could get it: leave store out."
    )
  }
  return metadataProblem(body["metadata"])
}

/** What of a request can't be told to its vendor: `vendor`, where that speaks another dialect. */
export const formProblem = (body: Body, vendor: TranslatedForms.Vendor | undefined): ResponseInvalid | undefined =>
  AskedForms.problem(body) ?? (vendor === undefined ? undefined : TranslatedForms.problem(body, vendor))

/** A choice of one MCP tool is one of its function. */
const choiceOf = (choice: Schema.Json | undefined): Schema.Json | undefined =>
  isFields(choice) && choice["type"] === "mcp" && Predicate.isString(choice["name"])
    ? { type: "function", name: ToolNames.plain(choice["name"], ToolNames.ofModels) }
    : isFields(choice) && choice["type"] === FileSearch.toolName
    ? { type: "function", name: FileSearch.toolName }
    : choice

type Raised = ReturnType<typeof responses.raise.request>

type Served = Pick<Plan, "search" | "servers" | "web"> & { readonly here: FileSearch.StoresHere }

/** What a model is asked for; Strata does the rest. */
const asked = (given: Body, { here, search, web }: Served): Body => {
  const choice =
    search === undefined && isFields(given["tool_choice"]) && given["tool_choice"]["type"] === FileSearch.toolName
      ? given["tool_choice"]
      : choiceOf(given["tool_choice"])
  const isServed = (tool: Body) =>
    tool["type"] === "mcp" || here.isOurs(tool) ||
    (web !== undefined && WebSearch.isTool(tool))
  return {
    ...without(given, own),
    tools: objectsIn(given["tools"]).filter((tool) => !isServed(tool)),
    ...choice === undefined ? {} : { tool_choice: web === undefined ? choice : WebSearch.choiceOf(choice) ?? null }
  }
}

const settingsOf = (
  given: Body,
  raised: Raised,
  { search, servers, web }: Served
): Result.Result<TurnSettings, ResponseInvalid> => {
  const { instructions, max_infer_iters, max_tool_calls } = given
  const limits = {
    ...Predicate.isNumber(max_infer_iters) ? { max_iterations: max_infer_iters } : {},
    ...Predicate.isNumber(max_tool_calls) ? { max_tool_calls } : {}
  }
  return Result.mapBoth(raised, {
    onFailure: ({ detail }) => invalid("input", detail, "unsupported_value"),
    onSuccess: (request): TurnSettings => ({
      ...saying(request, samplingNames) as Partial<TurnSettings>,
      model: textOrNull(given["model"]) ?? "",
      ...Predicate.isString(instructions) ? { instructions } : {},
      ...request.tools == null ? {} : { tools: request.tools },
      ...servers.length === 0 && search === undefined && web === undefined ? {} : {
        tool_groups: [
          ...servers.map(({ label }) => label),
          ...search === undefined ? [] : [FileSearch.toolName],
          ...web === undefined ? [] : [WebSearch.toolName]
        ]
      },
      ...given["truncation"] === "auto" ? { truncation: "auto" as const } : {},
      ...Object.keys(limits).length === 0 ? {} : { limits }
    })
  })
}

/** Answers to approvals among new items, and the requests that nobody has answered. */
const answersOf = (before: Chain, input: ReadonlyArray<Item>): Result.Result<Plan["answers"], ResponseInvalid> => {
  const open = ResponseItems.openApprovals([
    ...before.items,
    ...input.filter(({ type }) => type === "mcp_approval_request")
  ])
  const answers = new Map<string, Answer>()
  for (const [at, item] of input.entries()) {
    if (item["type"] !== "mcp_approval_response") continue
    const id = asText(item["approval_request_id"])
    if (!open.has(id)) {
      const hint = open.size === 0 ? "none waits for an answer" : `these wait for one: ${[...open.keys()].join(", ")}`
      return Result.fail(
        invalid(
          `input[${at}].approval_request_id`,
          `input[${at}].approval_request_id: there is no request for an approval ${JSON.stringify(id)}; ${hint}.`,
          "unknown_approval_request"
        )
      )
    }
    const reason = textOrNull(item["reason"])
    answers.set(id, { decision: item["approve"] === true ? "grant" : "deny", reason })
  }
  return Result.succeed(answers)
}

/** The servers whose calls were approved, or not: they are called, whatever the model may choose from. */
const waitingServers = (before: Chain, input: ReadonlyArray<Item>, answers: Plan["answers"]): ReadonlySet<unknown> =>
  new Set(
    answers.size === 0
      ? []
      : [...before.items, ...input].filter(({ id, type }) => type === "mcp_approval_request" && answers.has(asText(id)))
        .map(({ server_label }) => server_label)
  )

const serversAmong = (
  servers: ReadonlyArray<McpServer>,
  tools: ReadonlyArray<Body>,
  waiting: ReadonlySet<unknown>
): ReadonlyArray<McpServer> => {
  const labels = new Set(tools.filter(({ type }) => type === "mcp").map(({ server_label }) => server_label))
  return servers.filter(({ label }) => labels.has(label) || waiting.has(label))
}

/** Calls that wait have results, or nobody can go on. */
const withoutResult = (before: Chain, input: ReadonlyArray<Item>): ResponseInvalid | undefined => {
  const [first] = ResponseItems.openCalls([...before.items, ...input])
  return first === undefined ? undefined : invalid(
    "input",
    `input: no tool output found for ${
      first["type"] === "function_call" ? "function" : "custom tool"
    } call ${first.call_id}: send an item of the type ${asText(first["type"])}_output for it.`,
    "missing_tool_output"
  )
}

/** Requests for approvals that are not answered are taken to be denied. */
const unanswered = (before: Chain, answers: Plan["answers"]): ReadonlyArray<Item> =>
  [...ResponseItems.openApprovals(before.items).keys()].filter((id) => !answers.has(id)).map((id) => ({
    type: "function_call_output",
    call_id: id,
    output: "Nobody has approved the call. It was not made."
  }))

const ofOthers = (raised: Raised): Raised => Result.map(raised, responses.raise.forOthers!)

interface Read {
  readonly settings: Raised
  readonly messages: Effect.Effect<ReadonlyArray<Message>, ResponseInvalid>
}

/** What is short is read in one go. Where something of it can't be, each is read by itself: what is to blame is said then. */
const read = (question: Body, items: ReadonlyArray<Item>): Read => {
  const input = items.length > OthersFirst.fewMessages ? [] : ResponseItems.forVendor(items)
  const whole = input.length === 0 ? undefined : responses.raise.request({ ...question, input })
  if (whole !== undefined && Result.isSuccess(whole)) {
    return { settings: whole, messages: Effect.succeed(whole.success.messages) }
  }
  const messages = Effect.mapError(
    ItemMessages.of(items),
    (detail) => invalid("input", `input: ${detail}`, "unsupported_value")
  )
  return { settings: responses.raise.request({ ...question, input: [] }), messages }
}

export const make = Effect.fnUntraced(function*(
  body: Body,
  given: Pick<Plan, "id" | "created_at" | "before" | "conversation" | "servers"> & {
    /** The vector stores that can be searched. */
    readonly here?: FileSearch.StoresHere
    readonly web?: Plan["web"]
    readonly calls?: Plan["calls"]
    readonly input: ReadonlyArray<Item>
    /** Its vendor has another dialect: nobody but Strata can judge what is open in this one. */
    readonly isTranslated?: boolean
    /** What that vendor can do; default: as little as any. */
    readonly vendor?: TranslatedForms.Vendor
    /** What a stored prompt says first: it is of this response alone. */
    readonly prompt?: ReadonlyArray<Item>
  }
): Effect.fn.Return<Plan, ResponseInvalid> {
  const {
    before,
    calls = {},
    conversation,
    created_at,
    here = FileSearch.nowhereChosen,
    id,
    input,
    isTranslated = false,
    prompt = [],
    vendor = { takesFileUrls: false }
  } = given
  const form = formProblem(body, isTranslated ? vendor : undefined)
  if (form !== undefined) return yield* form
  const searching = yield* Effect.fromResult(FileSearch.planOf(body, here))
  const answers = yield* Effect.fromResult(answersOf(before, input))
  const chosen = ChosenTools.allowed(body)
  const tools = objectsIn(chosen["tools"])
  const search = tools.some(here.isOurs) ? searching : undefined
  const web = tools.some(WebSearch.isTool) ? given.web : undefined
  const servers = serversAmong(given.servers, tools, waitingServers(before, input, answers))
  const served = { here, search, servers, web }
  const items = [...unanswered(before, answers), ...prompt, ...input]
  const { messages, settings } = read(asked(chosen, served), items)
  const turn = yield* Effect.fromResult(settingsOf(chosen, isTranslated ? ofOthers(settings) : settings, served))
  const missing = withoutResult(before, input)
  if (missing !== undefined) return yield* missing
  return {
    id,
    created_at,
    request: ResponseObject.requestOf(body),
    previous: textOrNull(body["previous_response_id"]),
    conversation,
    settings: turn,
    before,
    input: input.map((item, index) => ResponseItems.kept(item, id, index)),
    messages: yield* messages,
    servers,
    search,
    web,
    answers,
    calls,
    isStored: body["store"] !== false
  }
})
