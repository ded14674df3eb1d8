/** Search in vector stores as a tool: for the turn loop, for clients of tools, and over MCP. */
import { Effect, Schema } from "effect"
import * as Tool from "../../kernel/tools/Tool.ts"
import * as ToolContributions from "../../kernel/tools/ToolContributions.ts"
import { AttributeFilter } from "../../kernel/vectors/AttributeFilter.ts"
import type { SearchResult } from "./VectorSearchModels.ts"
import type { VectorStores } from "./VectorStores.ts"

/** Who provides the tool takes it from here. */
export const channel = ToolContributions.named("tools.file_search")

/** Stores that are searched where none is named: the newest. */
const mostStores = 20

const Input = Schema.Struct({
  query: Schema.NonEmptyString.annotate({ description: "What to search for, in words." }),
  vector_store_ids: Schema.optionalKey(Schema.Array(Schema.String)).annotate({
    description: `The vector stores to search. Default: the newest ${mostStores}.`
  }),
  max_num_results: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))).annotate({
    description: "So many pieces at most. Default 10."
  }),
  filters: Schema.optionalKey(AttributeFilter)
})

const Piece = Schema.Struct({
  file_id: Schema.String.annotate({ description: "The file it is from." }),
  filename: Schema.String.annotate({ description: "What the file is called." }),
  score: Schema.Finite.annotate({ description: "How well it fits, 0 to 1." }),
  text: Schema.String.annotate({ description: "What it says." })
})

const Output = Schema.Struct({ results: Schema.Array(Piece).annotate({ description: "The best first." }) })

const pieceOf = ({ content, file_id, filename, score }: SearchResult) => ({
  file_id,
  filename,
  score,
  text: content.map(({ text }) => text).join("\n")
})

/** Sees and searches what the caller may. */
export const make = ({ list, search }: Pick<VectorStores["Service"], "list" | "search">): Tool.Tool =>
  Tool.make({
    name: "file_search",
    description: "Searches the files of vector stores by what they mean, and gives the pieces that fit best.",
    input: Input,
    output: Output,
    annotations: { readOnlyHint: true },
    execute: Effect.fnUntraced(function*({ filters, max_num_results, query, vector_store_ids }) {
      const ids = vector_store_ids ??
        (yield* list({ limit: mostStores, order: "desc" })).data.map(({ id }) => id)
      if (ids.length === 0) return { results: [] }
      const { data } = yield* search(ids, {
        query,
        ...filters === undefined ? {} : { filters },
        ...max_num_results === undefined ? {} : { max_num_results }
      })
      return { results: data.map(pieceOf) }
    })
  })
