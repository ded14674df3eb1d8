/** What came is not in the dialect it should be in. */
import { Schema } from "effect"

export class NotOfDialect extends Schema.TaggedError<NotOfDialect>()("NotOfDialect", {
  dialect: Schema.String.annotate({ description: "Its name.", examples: ["chat"] }),
  detail: Schema.String.annotate({ description: "What is wrong, and where.", examples: ["choices: missing"] }),
  param: Schema.optionalKey(Schema.String).annotate({
    description: "The canonical field that the dialect can't say.",
    examples: ["messages"]
  })
}) {
  override get message(): string {
    return this.param === undefined
      ? `This is not in the dialect ${this.dialect}: ${this.detail}`
      : `The model's vendor can't be asked this, for its dialect (${this.dialect}) has no way to say it: ${this.detail}. ` +
        "Leave it out, or ask another model."
  }
}
