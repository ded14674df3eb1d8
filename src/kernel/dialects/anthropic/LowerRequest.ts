/** A canonical request in Anthropic's dialect. */
import { Result, Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { WireRequest } from "../Dialect.ts"
import * as LoweringReport from "../LoweringReport.ts"
import type { NotOfDialect } from "../NotOfDialect.ts"
import * as CacheMarks from "./CacheMarks.ts"
import * as Limits from "./Limits.ts"
import * as LowerTurns from "./LowerTurns.ts"
import * as OutputFormat from "./OutputFormat.ts"
import * as ThinkingConfig from "./ThinkingConfig.ts"
import { dialect, given, isEmpty } from "./WireFields.ts"
import * as WireTools from "./WireTools.ts"

/** Options that stand within another field, or have a form of their own. */
const merged = ["thinking", "tool_choice", "vendor_tools", "metadata", "output_config", "output_format"] as const

const output = (request: ChatRequest, options: Schema.JsonObject): Schema.JsonObject => {
  const format = OutputFormat.lower(request.response_format)
  const { output_config: config, output_format: beta } = options
  const isBeta = format !== undefined && isFields(beta) && beta["type"] === undefined
  const fields = {
    ...(isFields(config) ? config : {}),
    ...ThinkingConfig.lowerEffort(request),
    ...given("format", isBeta ? undefined : format)
  }
  return {
    ...(isEmpty(fields) && !isFields(config) ? {} : { output_config: fields }),
    ...(isBeta
      ? { output_format: { ...beta, ...format } }
      : isFields(beta) && beta["type"] !== undefined
      ? { output_format: beta }
      : {})
  }
}

const metadata = ({ user }: ChatRequest, options: Schema.JsonObject): Schema.JsonObject => {
  const rest = options["metadata"]
  return user == null && !isFields(rest)
    ? {}
    : { metadata: { ...(isFields(rest) ? rest : {}), ...given("user_id", user) } }
}

/** Fields of chat completions that are carried. */
export const taken: ReadonlySet<string> = new Set(["service_tier"])

const tiers: ReadonlyMap<unknown, string> = new Map([["auto", "auto"], ["default", "standard_only"]])

/** As chat completions and Responses ask for it, where the dialect's own client has not. */
const serviceTier = (
  request: ChatRequest,
  options: Schema.JsonObject,
  report: LoweringReport.LoweringReport
): Schema.JsonObject => {
  const { service_tier: asked } = optionsFor("chat", request)
  if (asked == null || options["service_tier"] !== undefined) return {}
  const tier = tiers.get(asked)
  if (tier !== undefined) return { service_tier: tier }
  report.degrade({
    requested: `service_tier ${JSON.stringify(asked)}`,
    actual: "without it",
    reason: "Anthropic knows auto, and default as standard_only"
  })
  return {}
}

/** A budget to think with comes on top of what nobody asked for. */
const longest = ({ max_output_tokens, reasoning_budget_tokens }: ChatRequest): number =>
  max_output_tokens ?? Limits.defaultMaxTokens + Math.max(0, reasoning_budget_tokens ?? 0)

const bodyOf = (request: ChatRequest, report: LoweringReport.LoweringReport): Schema.JsonObject => {
  const options = optionsFor(dialect, request)
  const { system, turns } = LowerTurns.lower(request.messages, report)
  if (turns.length === 0) report.refuse("messages", "messages: at least one that says something")
  const tools = WireTools.lower(request)
  const { model, stop, stream, temperature, top_k, top_p } = request
  return CacheMarks.limit({
    ...Struct.omit(options, merged),
    ...given("model", model),
    max_tokens: longest(request),
    ...(system.length === 0 ? {} : { system }),
    messages: turns,
    ...(tools.length === 0 ? {} : { tools, ...WireTools.lowerChoice(request) }),
    ...ThinkingConfig.lower(request),
    ...output(request, options),
    ...(stop == null || stop.length === 0 ? {} : { stop_sequences: stop }),
    ...given("temperature", temperature),
    ...given("top_p", top_p),
    ...given("top_k", top_k),
    ...given("stream", stream),
    ...metadata(request, options),
    ...serviceTier(request, options, report)
  }, report)
}

export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> => {
  const report = LoweringReport.make(dialect)
  const body = bodyOf(Limits.apply(request, report), report)
  return report.failure === undefined
    ? Result.succeed({ body, degradations: report.degradations })
    : Result.fail(report.failure)
}
