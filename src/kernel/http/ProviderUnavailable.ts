/** A provider that is configured does not run: what needs it can't be done now; every API may fail with it. */
import { Schema } from "effect"

export class ProviderUnavailable extends Schema.TaggedError<ProviderUnavailable>()("ProviderUnavailable", {
  api: Schema.String,
  provider_id: Schema.String,
  /** Why it does not run, for people. */
  reason: Schema.String
}) {
  override get message(): string {
    return `The provider ${this.provider_id} of ${this.api} does not run: ${this.reason}. Strata keeps trying to start ` +
      "it; GET /v1/providers tells how it fares."
  }
}
