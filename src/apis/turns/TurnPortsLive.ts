/** The model and the tools of a turn: the routers of inference and of tools, and the table of costs. */
import { Effect, Predicate, Result } from "effect"
import type { Schema } from "effect"
import type { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { tableOf } from "../../events/types/Table.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import * as LlmErrors from "../../kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import * as Money from "../../kernel/money/Money.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import type { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import type { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import * as ToolNames from "../../kernel/tools/ToolNames.ts"
import type { ServerTool, ToolOutput, TurnPorts } from "../../kernel/turn/TurnPorts.ts"
import { failed } from "../../kernel/turn/TurnPorts.ts"
import type { CompletionError, Inference } from "../inference/Inference.ts"
import type { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import { CallCosts } from "../usage/CallCosts.ts"

const others = tableOf<string>({
  ResourceNotFound: "not_found",
  ProviderUnavailable: "unavailable",
  EventLogUnavailable: "event_log_unavailable",
  DeniedByHook: "denied_by_hook"
})

const failureOf = (error: CompletionError) => {
  const type = others[error._tag]
  return type !== undefined
    ? failed(type, error.message)
    : failed(LlmErrors.failureOf(error as LlmErrors.LlmError).kind, error.message)
}

const answered = (
  inference: NonNullable<Served["inference"]>,
  request: ChatRequest,
  onParts: ((parts: ReadonlyArray<StreamPart>) => Effect.Effect<void>) | undefined
) => {
  if (onParts === undefined) return Effect.mapError(inference.complete(request), failureOf)
  return Effect.suspend(() => {
    let last: StreamPart | undefined
    return inference.completeParts(request, (parts) => {
      last = parts.at(-1)
      return onParts(parts)
    }).pipe(
      Effect.mapError(failureOf),
      Effect.flatMap(() =>
        last?.type === "response"
          ? Effect.succeed(last.response)
          : Effect.fail(failed("stream", "The answer broke off before its end."))
      )
    )
  })
}

/** As models take it: text, images, and of anything else what can be said in text. */
export const outputOf = ({ content, is_error }: ToolCallResult): ToolOutput => {
  const blocks = content.map((block): Schema.JsonObject => {
    if (block.type === "text" || block.type === "image") return block as Schema.JsonObject
    const text = Predicate.hasProperty(block, "text") && Predicate.isString(block.text)
      ? block.text
      : JSON.stringify({ ...block, data: undefined, blob: undefined })
    return { type: "text", text }
  })
  const [first, ...more] = blocks
  return { output: more.length === 0 && first?.["type"] === "text" ? first["text"]! : blocks, is_error }
}

const toolOf = (
  runtime: ToolRuntime["Service"],
  { name: given, tool }: ToolNames.NamedTool<ToolDefinition>
): ServerTool => {
  const { description, group, input_schema, name, requires_approval = false } = tool
  return {
    ...given === name ? {} : { name },
    spec: { name: given, parameters: input_schema, ...description === "" ? {} : { description } },
    requiresApproval: requires_approval,
    invoke: (call) =>
      runtime.invoke({ name, group, arguments: call.arguments, tool_call_id: call.id }).pipe(
        Effect.match({
          onSuccess: outputOf,
          onFailure: ({ message }): ToolOutput => ({ output: message, is_error: true })
        })
      )
  }
}

/** A model knows a tool by its name alone, and takes no name of other letters than its vendors do. */
const named = (
  runtime: ToolRuntime["Service"],
  definitions: ReadonlyArray<ToolDefinition>
): Result.Result<ReadonlyArray<ServerTool>, ReturnType<typeof failed>> => {
  const names = new Set<string>()
  const taken = definitions.find(({ name }) => {
    const isTaken = names.has(name)
    names.add(name)
    return isTaken
  })
  if (taken === undefined) {
    return Result.succeed(
      ToolNames.of(definitions, ToolNames.ofModels).map((named) => toolOf(runtime, named))
    )
  }
  const groups = definitions.filter(({ name }) => name === taken.name).map(({ group }) => group)
  return Result.fail(
    failed(
      "invalid_request",
      `The tool ${taken.name} is in more than one of tool_groups: name one of ${groups.join(", ")}.`
    )
  )
}

/** What of this server there is. */
export interface Served {
  readonly inference: Pick<Inference["Service"], "complete" | "completeParts"> | undefined
  readonly tools: ToolRuntime["Service"] | undefined
  readonly tables: ProjectionTables["Service"]
}

const notServed = (api: string) =>
  Effect.fail(failed("not_served", `The API ${api} is not served here: add it to \`apis\` of the configuration.`))

/** `after`: a position behind which all of the request stands. */
export const make = ({ inference, tables, tools }: Served, recording: Recording, after: number): TurnPorts => ({
  complete: (request, onParts) =>
    inference === undefined ? notServed("inference") : answered(inference, request, onParts),
  tools: (groups) =>
    tools === undefined ? notServed("tool_runtime") : tools.list({ groups }).pipe(
      Effect.mapError(({ message }) => failed("tools_unavailable", message)),
      Effect.flatMap((definitions) => Effect.fromResult(named(tools, definitions)))
    ),
  cost: Effect.gen(function*() {
    const { requestId, sessionId } = recording.options
    yield* recording.commit
    const rows = yield* tables.list(CallCosts, {
      tenant: yield* CurrentTenant,
      where: { session: sessionId ?? "" },
      after,
      limit: 10_000
    })
    let sum = Money.zero
    for (const { document } of rows) {
      if (document.request_id !== requestId) continue
      const cost = document.cost === null ? undefined : Money.parse(document.cost)
      if (cost === undefined) return undefined
      sum = Money.add(sum, cost)
    }
    return Money.toText(sum)
  }).pipe(Effect.catch(() => Effect.succeed(undefined)))
})
