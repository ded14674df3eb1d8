/** A provider that can't start, without which the server does not: which, where it stands, why, and what to do. */
import { Cause, Effect, Schema } from "effect"
import * as FailureText from "../issues/FailureText.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"

export class ProviderNotStarted extends Schema.TaggedError<ProviderNotStarted>()("ProviderNotStarted", {
  api: Schema.String,
  provider_id: Schema.String,
  provider_type: Schema.String,
  /** Where it stands in the configuration. */
  path: Schema.String,
  reason: Schema.String,
  /** True: its type has thrown, which no configuration allows for. */
  bug: Schema.Boolean
}) {
  override get message(): string {
    const { api, bug, path, provider_id, provider_type } = this
    const reason = this.reason.replace(/\.$/, "")
    const why = bug ? `a bug in the provider type: ${reason}` : reason
    const remedy = bug
      ? `Tell its author what the log says, and take ${path} out of the configuration until then.`
      : "Mend it, or take out its `required: true`: then the server starts without it."
    return `The provider ${api}/${provider_id} (${provider_type}), ${path}, can't start: ${why}. ${remedy}`
  }
}

/** The failure of a start, without secrets; the stack of a bug goes to the log. */
export const fail = Effect.fnUntraced(function*(
  { api, path, provider_id, provider_type }: PlannedProvider,
  cause: Cause.Cause<unknown>
): Effect.fn.Return<never, ProviderNotStarted> {
  const defect = cause.reasons.find(Cause.isDieReason)
  const bug = defect !== undefined
  if (bug) yield* Effect.logError(`${api}/${provider_id} has a bug`, yield* FailureText.masked(Cause.pretty(cause)))
  const reason = yield* FailureText.masked(FailureText.of(bug ? defect.defect : Cause.squash(cause)))
  return yield* new ProviderNotStarted({ api, provider_id, provider_type, path, reason, bug })
})
