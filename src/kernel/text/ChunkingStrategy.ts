/** How a text is cut into chunks, as OpenAI's dialect writes it. */
import { Effect, Schema } from "effect"

/** Whose tokens are counted: OpenAI's of today. */
export const tokenizer = "o200k_base"

export const defaultMaxTokens = 800
export const defaultOverlapTokens = 400
const smallestChunk = 100
const largestChunk = 4096

export const StaticChunking = Schema.Struct({
  max_chunk_size_tokens: Schema.Int.check(Schema.isBetween({ minimum: smallestChunk, maximum: largestChunk })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(defaultMaxTokens))
  ).annotate({
    description: `The longest chunk, tokens: ${smallestChunk} to ${largestChunk}. Default ${defaultMaxTokens}.`,
    examples: [defaultMaxTokens]
  }),
  chunk_overlap_tokens: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(defaultOverlapTokens))
  ).annotate({
    description:
      `How much of a chunk stands in the next one too, tokens: at most half of max_chunk_size_tokens. Default ` +
      `${defaultOverlapTokens}.`,
    examples: [defaultOverlapTokens]
  })
}).check(
  Schema.makeFilter(({ chunk_overlap_tokens, max_chunk_size_tokens }) =>
    chunk_overlap_tokens * 2 <= max_chunk_size_tokens || {
      path: ["chunk_overlap_tokens"],
      issue: `chunk_overlap_tokens is ${chunk_overlap_tokens}, and may be at most half of max_chunk_size_tokens ` +
        `(${max_chunk_size_tokens}): make it smaller, or the chunks larger`
    }
  )
).annotate({ identifier: "StaticChunking" })
export type StaticChunking = typeof StaticChunking.Type

export const ChunkingStrategy = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("auto").annotate({
      description: `Chunks of ${defaultMaxTokens} tokens that overlap by ${defaultOverlapTokens}.`,
      examples: ["auto"]
    })
  }),
  Schema.Struct({
    type: Schema.Literal("static").annotate({ description: "Chunks of a given size.", examples: ["static"] }),
    static: StaticChunking
  }),
  Schema.Struct({
    type: Schema.Literal("none").annotate({ description: "One chunk with all of it.", examples: ["none"] })
  })
]).annotate({ identifier: "ChunkingStrategy", description: "How a text is cut into chunks." })
export type ChunkingStrategy = typeof ChunkingStrategy.Type

/** The same with every size in it, as it is kept. */
export const ChosenChunking = Schema.toType(ChunkingStrategy)

export const auto: ChunkingStrategy = { type: "auto" }

/** Undefined: it is not cut. */
export const sizesOf = (strategy: ChunkingStrategy): StaticChunking | undefined => {
  switch (strategy.type) {
    case "auto":
      return { max_chunk_size_tokens: defaultMaxTokens, chunk_overlap_tokens: defaultOverlapTokens }
    case "static":
      return strategy.static
    case "none":
      return undefined
  }
}
