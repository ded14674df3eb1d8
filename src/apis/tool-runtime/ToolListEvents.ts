/** Events of what providers are asked for their tools. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"

export const { all, Error, Request, Response } = ValueEvents.make("tool_list", {
  subject: { group: Schema.String.annotate({ description: "The tool group." }) },
  common: { operation: Schema.Literal("list_tools") },
  request: { description: "A provider is asked which tools a group has.", fields: {} },
  response: {
    description: "It listed them.",
    fields: { tools: Schema.Array(Schema.String).annotate({ description: "Their names, in its order." }) }
  },
  failure: "It could not be reached, or gave a list that is not understood; or the call was given up."
})
