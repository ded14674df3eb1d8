/** How a call to a provider fails. */
import { Schema } from "effect"

/** The vendor answered with an error: it goes to the client as it came. */
export class ProviderRejected extends Schema.TaggedError<ProviderRejected>()("ProviderRejected", {
  provider: Schema.String,
  status: Schema.Int,
  headers: Schema.Record(Schema.String, Schema.String),
  /** The vendor's error body; always JSON. */
  text: Schema.String,
  /** As it came, where it is no UTF-8. */
  bytes: Schema.optionalKey(Schema.Uint8ArrayFromBase64)
}) {
  override get message(): string {
    return `The provider ${this.provider} answered ${this.status}`
  }
}

/** There is no answer, or not all of it. */
export class ProviderFailed extends Schema.TaggedError<ProviderFailed>()("ProviderFailed", {
  provider: Schema.String,
  reason: Schema.Literals(["unreachable", "timeout", "invalid_answer", "not_recorded", "unauthenticated"]),
  detail: Schema.String
}) {
  override get message(): string {
    return `The provider ${this.provider} ${phrases[this.reason]}: ${this.detail}`
  }
}

const phrases = {
  unreachable: "could not be reached",
  timeout: "did not answer in time",
  invalid_answer: "gave an answer that is not understood",
  not_recorded: "has no recording of this request",
  unauthenticated: "was not asked, for it has no credentials to ask with"
}

export type ProviderError = ProviderRejected | ProviderFailed
