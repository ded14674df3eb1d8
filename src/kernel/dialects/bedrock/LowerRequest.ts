/** A canonical request as Bedrock is asked. */
import { Result, Struct } from "effect"
import type { Schema } from "effect"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { WireRequest } from "../Dialect.ts"
import * as LoweringReport from "../LoweringReport.ts"
import type { NotOfDialect } from "../NotOfDialect.ts"
import * as CachePoints from "./CachePoints.ts"
import * as InferenceConfig from "./InferenceConfig.ts"
import * as Limits from "./Limits.ts"
import * as LowerTurns from "./LowerTurns.ts"
import * as ModelFamily from "./ModelFamily.ts"
import * as ModelFields from "./ModelFields.ts"
import { dialect } from "./Wire.ts"
import * as WireTools from "./WireTools.ts"

/**
 * Fields that no client's dialect has: who sends them, in whatever dialect, means Bedrock's own. They go as they stand, and
 * before what canonical fields say.
 */
export const own: ReadonlySet<string> = new Set([
  "additionalModelRequestFields",
  "additionalModelResponseFieldPaths",
  "guardrailConfig",
  "performanceConfig",
  "promptVariables",
  "requestMetadata",
  "serviceTier",
  "outputConfig"
])

const ownOf = ({ provider_options }: ChatRequest): Schema.JsonObject => {
  const { [dialect]: native = {}, ...others } = provider_options ?? {}
  const taken = Object.values(others).flatMap((fields) =>
    Object.entries(fields).filter(([name, value]) => own.has(name) && value !== null)
  )
  return { ...Object.fromEntries(taken), ...native }
}

const placed = ["inferenceConfig", "toolConfig", "additionalModelRequestFields", "outputConfig"] as const

const bodyOf = (request: ChatRequest, report: LoweringReport.LoweringReport): Schema.JsonObject => {
  const options = ownOf(request)
  const marks = ModelFamily.hasCache(ModelFamily.of(request.model))
  const { system, turns } = LowerTurns.lower(request.messages, { report, marks })
  if (turns.length === 0) report.refuse("messages", "messages: at least one that says something")
  const { body, surplus } = CachePoints.limited({
    ...Struct.omit(options, placed),
    messages: turns,
    ...(system.length === 0 ? {} : { system }),
    ...InferenceConfig.lower(request, options["inferenceConfig"]),
    ...InferenceConfig.lowerFormat(request, options["outputConfig"]),
    ...WireTools.lower(request, marks),
    ...ModelFields.lower(request, options["additionalModelRequestFields"], report)
  })
  if (surplus > 0) {
    report.degrade({
      requested: `${surplus + CachePoints.most} marks of the cache`,
      actual: `the last ${CachePoints.most}`,
      reason: `Bedrock takes at most ${CachePoints.most}`
    })
  }
  return body
}

/** The model is not in it: it stands in the path. */
export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> => {
  const report = LoweringReport.make(dialect)
  const body = bodyOf(Limits.apply(request, report), report)
  return report.failure === undefined
    ? Result.succeed({ body, degradations: report.degradations })
    : Result.fail(report.failure)
}
