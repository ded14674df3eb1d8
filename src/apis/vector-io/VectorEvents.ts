/** Events of calls to a vector index. */
import { Schema } from "effect"
import * as ValueEvents from "../../kernel/calls/ValueEvents.ts"

export const { all, Error, Request, Response } = ValueEvents.make("vector", {
  streams: true,
  subject: {
    collection: Schema.String.annotate({
      description:
        "Which one of the index: the id of the vector store, or a name of its own where a client chose that id."
    })
  },
  common: {
    operation: Schema.Literals(["search", "upsert", "remove", "update", "list", "count", "drop"]).annotate({
      description: "What is done there."
    })
  },
  request: {
    description: "A vector index is asked.",
    fields: {
      mode: Schema.NullOr(Schema.String).annotate({
        description: "Of a search: `vector`, `keyword` or `hybrid`; null: it is none."
      }),
      count: Schema.NullOr(Schema.Int).annotate({
        description: "Of a search, the most that are wanted; else how many chunks are sent. Null: neither."
      })
    }
  },
  response: {
    description: "The index has done it.",
    fields: {
      count: Schema.Int.annotate({ description: "How many chunks came." }),
      top_score: Schema.NullOr(Schema.Finite).annotate({ description: "Of the first one; null: none came." })
    }
  },
  failure: "The index could not be reached, refused it, or can't do it; or the call was given up."
})
