/** Events of calls of tools. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"

export const { all, Error, Request, Response } = ValueEvents.make("tool", {
  streams: true,
  subject: {
    tool: Schema.String.annotate({ description: "As its provider calls it." }),
    group: Schema.String.annotate({ description: "The tool group it is in." })
  },
  common: {
    operation: Schema.Literal("execute_tool").annotate({ description: "As OpenTelemetry GenAI names it." }),
    tool_call_id: Schema.NullOr(Schema.String).annotate({
      description: "What a model called the call; null: none did."
    })
  },
  request: {
    description: "A tool is called.",
    fields: { argument_names: Schema.Array(Schema.String).annotate({ description: "In the order they came." }) }
  },
  response: {
    description: "The tool gave a result, or said that it failed.",
    fields: {
      is_error: Schema.Boolean.annotate({ description: "It ran and failed." }),
      content_types: Schema.Array(Schema.String).annotate({
        description: "Of its blocks, in order: `text`, `image` …"
      }),
      text_characters: Schema.Int.annotate({ description: "Length of its texts, all together." })
    }
  },
  failure:
    "There is no such tool, or it refused (over HTTP, where the model gets the refusal as a result), could not be reached, gave no result or one that is not understood; or the call " +
    "was given up."
})
