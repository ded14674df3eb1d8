/** How a call of a tool fails: the tool did not run, or nobody knows what came of it. One that ran gives a result. */
import { Schema } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { ResourceNotFound } from "../http/ResourceErrors.ts"
import { nearestKey } from "../issues/NearestKey.ts"

/** There is no such tool, or several groups have one. */
export class ToolNotFound extends Schema.TaggedError<ToolNotFound>()("ToolNotFound", {
  tool: Schema.String,
  /** Where it was looked for; null: everywhere. */
  group: Schema.NullOr(Schema.String),
  /** What may have been meant; the groups that have it where it is `ambiguous`. */
  suggestions: Schema.Array(Schema.String),
  ambiguous: Schema.Boolean
}) {
  override get message(): string {
    const { ambiguous, group, suggestions, tool } = this
    if (ambiguous) return `More than one group has a tool \`${tool}\`: say which, of ${suggestions.join(", ")}.`
    const where = group === null ? "" : ` in the tool group \`${group}\``
    const hint = suggestions.length === 0
      ? "GET /v1/tools lists what there is."
      : `Did you mean ${suggestions.join(" or ")}?`
    return `There is no tool \`${tool}\`${where}. ${hint}`
  }
}

/** A name of a client's own making is not compared at any length. */
const longestName = 128

/** `tools`: the names there are; `group`: where it was looked for, null everywhere. */
export const missing = (tool: string, group: string | null, tools: ReadonlyArray<string>): ToolNotFound => {
  const nearest = nearestKey(tool.slice(0, longestName), tools)
  return new ToolNotFound({ tool, group, suggestions: nearest === undefined ? [] : [nearest], ambiguous: false })
}

const phrases = {
  unreachable: "could not be reached",
  timeout: "did not answer in time",
  invalid_answer: "gave an answer that is not understood",
  too_large: "gave an answer that is larger than allowed",
  rejected: "refused the call",
  unauthenticated: "was not asked, for it has no credentials to ask with",
  address_refused: "was not asked, for its address is not allowed"
}

/** Its provider gave no result. */
export class ToolCallFailed extends Schema.TaggedError<ToolCallFailed>()("ToolCallFailed", {
  provider: Schema.String,
  /** Null: its tools were to be listed. */
  tool: Schema.NullOr(Schema.String),
  reason: Schema.Literals([
    "unreachable",
    "timeout",
    "invalid_answer",
    "too_large",
    "rejected",
    "unauthenticated",
    "address_refused"
  ]),
  detail: Schema.String
}) {
  override get message(): string {
    const { detail, provider, reason, tool } = this
    const subject = tool === null ? `The provider ${provider}` : `The tool ${tool} of ${provider}`
    return `${subject} ${phrases[reason]}: ${detail}`
  }
}

/** A hook does not let it happen. */
export class ToolDenied extends Schema.TaggedError<ToolDenied>()("ToolDenied", {
  tool: Schema.String,
  hook: Schema.String,
  subject: Schema.Literals(["call", "result"]),
  reason: Schema.String
}) {
  override get message(): string {
    return `The hook ${this.hook} denied this ${this.subject} of ${this.tool}: ${this.reason}`
  }
}

/** How a provider fails. */
export type ProviderToolFailure = ToolNotFound | ToolCallFailed

export type ToolFailure =
  | ProviderToolFailure
  | ToolDenied
  | ResourceNotFound
  | EventLogUnavailable
