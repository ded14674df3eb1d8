/** An index could not do what it was asked. */
import { Schema } from "effect"

const phrases = {
  unreachable: "could not be reached",
  timeout: "did not answer in time",
  rejected: "refused it",
  unsupported: "can't do it",
  busy: "has too much to do",
  failed: "failed"
}

export class VectorIndexFailed extends Schema.TaggedError<VectorIndexFailed>()("VectorIndexFailed", {
  provider: Schema.String,
  reason: Schema.Literals(["unreachable", "timeout", "rejected", "unsupported", "busy", "failed"]),
  detail: Schema.String
}) {
  override get message(): string {
    return `The vector index ${this.provider} ${phrases[this.reason]}: ${this.detail}`
  }
}
