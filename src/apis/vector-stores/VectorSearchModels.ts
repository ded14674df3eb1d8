/** What is searched for in vector stores, and what comes of it: in OpenAI's dialect, with OGX's options. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { AttributeFilter } from "../../kernel/vectors/AttributeFilter.ts"
import { FileAttributes } from "./VectorStoreFilesModels.ts"

const share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const weight = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))

export const mostQueries = 20

export const RankingOptions = Schema.Struct({
  ranker: nullable(
    Schema.Literals(["auto", "none", "default-2024-11-15", "default_2024_08_21", "rrf", "weighted", "neural"])
  )
    .annotate({
      description:
        "How the rankings of a hybrid search become one: rrf, by the places (default), or weighted, by the " +
        "scores. neural: as `model` says. The names of OpenAI's rankers are taken, and mean the default.",
      examples: ["auto"]
    }),
  score_threshold: nullable(share).annotate({
    description: "What has a lower score is left out: 0 to 1. Default 0.",
    examples: [0.5]
  }),
  alpha: nullable(share).annotate({
    description: "Of weighted: the share of the vector's score; the rest is that of the words. Default 0.5.",
    examples: [0.7]
  }),
  weights: nullable(Schema.Struct({
    vector: Schema.optionalKey(weight.annotate({ description: "That of the vector's score.", examples: [0.7] })),
    keyword: Schema.optionalKey(weight.annotate({ description: "That of the words' score.", examples: [0.3] })),
    neural: Schema.optionalKey(weight.annotate({ description: "That of the score of `model`.", examples: [1] }))
  })).annotate({
    description:
      "Of weighted, in place of alpha: how much each score counts. `neural`: beside the others; absent: the score of " +
      "`model` alone counts where one is named.",
    examples: [{ vector: 0.7, keyword: 0.3 }]
  }),
  model: nullable(Schema.NonEmptyString).annotate({
    description: "A model that reranks, as GET /v1/models lists it: it puts what was found in order. Default: none.",
    examples: ["vllm/BAAI/bge-reranker-v2-m3"]
  }),
  impact_factor: nullable(weight).annotate({
    description: "Of rrf: the higher it is, the less places differ. Default 60.",
    examples: [60]
  }),
  hybrid_search: nullable(Schema.Struct({
    embedding_weight: weight.annotate({ description: "How much the vectors' places count.", examples: [1] }),
    text_weight: weight.annotate({ description: "How much the words' places count.", examples: [1] })
  })).annotate({ description: "Searches by words, too, and weighs both rankings." })
}).annotate({
  identifier: "VectorRankingOptions",
  description: "How results are put in order, and which are left out."
})
export type RankingOptions = typeof RankingOptions.Type

export const SearchVectorStore = Schema.Struct({
  query: Schema.Union([
    Schema.String,
    Schema.Array(Schema.String).check(Schema.isMaxLength(mostQueries, { expected: `at most ${mostQueries} queries` }))
  ]).annotate({
    description:
      `What is searched for, in words: a text, or several, of which the best results come: at most ${mostQueries}.`,
    examples: ["How cold is Oslo?"]
  }),
  filters: nullable(AttributeFilter),
  max_num_results: nullable(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))).annotate({
    description: "So many results at most: 1 to 50. Default 10.",
    examples: [10]
  }),
  ranking_options: nullable(RankingOptions),
  rewrite_query: nullable(Schema.Boolean).annotate({
    description: "Refused where it is true: what is searched for is what is asked. Send several wordings as `query`.",
    examples: [false]
  }),
  search_mode: nullable(Schema.Literals(["vector", "keyword", "hybrid"])).annotate({
    description: "By what the texts mean, by their words, or by both. Default vector.",
    examples: ["hybrid"]
  })
}).annotate({ identifier: "SearchVectorStore" })
export type SearchVectorStore = typeof SearchVectorStore.Type

export const SearchResult = Schema.Struct({
  file_id: Schema.String.annotate({ description: "The file it is from.", examples: ["file-0f1e2d"] }),
  filename: Schema.String.annotate({ description: "What the file is called.", examples: ["notes.pdf"] }),
  score: Schema.Finite.annotate({ description: "How well it fits: 0 to 1.", examples: [0.83] }),
  attributes: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])).annotate({
    description: FileAttributes.ast.annotations?.["description"] as string,
    examples: [{ year: 2024 }]
  }),
  content: Schema.Array(Schema.Struct({
    type: Schema.Literal("text").annotate({ description: "What it is.", examples: ["text"] }),
    text: Schema.String.annotate({ description: "The piece of the file.", examples: ["Oslo is cold."] })
  })).annotate({ description: "What was searched for." })
}).annotate({ identifier: "VectorStoreSearchResult" })
export type SearchResult = typeof SearchResult.Type

export const SearchResults = Schema.Struct({
  object: Schema.Literal("vector_store.search_results.page").annotate({
    description: "What it is.",
    examples: ["vector_store.search_results.page"]
  }),
  search_query: Schema.Array(Schema.String).annotate({
    description: "What was searched for.",
    examples: [["How cold is Oslo?"]]
  }),
  data: Schema.Array(SearchResult).annotate({ description: "The results, the highest score first." }),
  has_more: Schema.Boolean.annotate({ description: "Always false: all results are here.", examples: [false] }),
  next_page: Schema.Null.annotate({ description: "There is none." })
}).annotate({ identifier: "VectorStoreSearchResults" })
export type SearchResults = typeof SearchResults.Type
