/** Why a stack can't start, before anything is started. */
import { Schema } from "effect"

/** One thing that is wrong, where it stands in the configuration. */
export const StackIssue = Schema.Struct({
  kind: Schema.Literals([
    "UnknownApi",
    "AutoProvidedApi",
    "UnknownType",
    "Deprecated",
    "InvalidConfig",
    "DuplicateId",
    "MissingApi",
    "Cycle"
  ]),
  path: Schema.String,
  message: Schema.String
})
export type StackIssue = typeof StackIssue.Type

export class StackInvalid extends Schema.TaggedError<StackInvalid>()("StackInvalid", {
  issues: Schema.NonEmptyArray(StackIssue)
}) {
  override get message(): string {
    return this.issues.map(({ message, path }) => `${path}: ${message}`).join("\n")
  }
}
