/** Calls of the contract of vector indexes: how they are recorded, and answered again. */
import { Option, Schema } from "effect"
import type { Call, CallMethod } from "../../kernel/calls/Call.ts"
import { ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"
import * as VectorEvents from "./VectorEvents.ts"

/** What every call gives: chunks, or how many there are. */
export const VectorAnswer = Schema.Struct({ chunks: Schema.Array(ScoredChunk), count: Schema.Int })
export type VectorAnswer = typeof VectorAnswer.Type

export type Operation = "search" | "upsert" | "remove" | "update" | "list" | "count" | "drop"

const methodOf = (operation: Operation): CallMethod<VectorIndexFailed> => ({
  name: `vector_io.${operation}`,
  input: Schema.JsonObject,
  answer: VectorAnswer,
  element: undefined,
  error: VectorIndexFailed,
  events: VectorEvents
})

const isAnswer = Schema.decodeUnknownOption(VectorAnswer)

export const of = (
  { collection, input, operation, provider }: {
    readonly provider: string
    readonly collection: string
    readonly operation: Operation
    readonly input: Schema.JsonObject
  }
): Call<VectorIndexFailed> => ({
  method: methodOf(operation),
  provider,
  common: { provider, collection, operation },
  request: { mode: input["mode"] ?? null, count: input["limit"] ?? input["count"] ?? null },
  input: () => JSON.stringify({ collection, ...input }),
  summarize: ({ json }) => {
    const { chunks, count } = Option.getOrElse(isAnswer(json), () => ({ chunks: [], count: 0 }))
    return { count, top_score: chunks[0]?.score ?? null }
  }
})
