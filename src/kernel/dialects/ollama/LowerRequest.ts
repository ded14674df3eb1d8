/** A canonical request as Ollama is asked. */
import { Result, Struct } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { ToolSpec } from "../../messages/Tools.ts"
import { given } from "../anthropic/WireFields.ts"
import type { WireRequest } from "../Dialect.ts"
import * as LoweringReport from "../LoweringReport.ts"
import type { NotOfDialect } from "../NotOfDialect.ts"
import * as Limits from "./Limits.ts"
import * as LowerMessage from "./LowerMessage.ts"
import * as RunOptions from "./RunOptions.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject

const tool = (spec: ToolSpec): Fields => {
  const { function: more, ...options } = optionsFor(dialect, spec)
  const { description, name, parameters } = spec
  return {
    ...options,
    type: "function",
    function: { ...(isFields(more) ? more : {}), name, ...given("description", description), parameters }
  }
}

const bodyOf = (request: ChatRequest, report: LoweringReport.LoweringReport): Fields => {
  const own = RunOptions.ownOf(request)
  const { messages, model, stream } = request
  const names = LowerMessage.namesOf(messages)
  const written = messages.flatMap((message) => LowerMessage.lower(message, names, report))
  if (written.length === 0) report.refuse("messages", "messages: at least one that says something")
  const tools = [...(request.tools ?? []).map(tool), ...(request.tool_choice === "none" ? [] : objectsIn(own["tools"]))]
  return {
    ...Struct.omit(own, ["tools", "options", "think", "format"]),
    ...given("model", model),
    messages: written,
    ...(tools.length === 0 ? {} : { tools }),
    ...RunOptions.lowerFormat(request, own["format"]),
    ...RunOptions.lower(request, own["options"]),
    ...RunOptions.lowerThinking(request, own["think"], report),
    // Where nothing is said, the answer is a stream.
    stream: stream === true
  }
}

export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> => {
  const report = LoweringReport.make(dialect)
  const body = bodyOf(Limits.apply(request, report), report)
  return report.failure === undefined
    ? Result.succeed({ body, degradations: report.degradations })
    : Result.fail(report.failure)
}
