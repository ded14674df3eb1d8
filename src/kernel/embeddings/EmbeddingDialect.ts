/** A wire format of embeddings: how a vendor is asked for vectors, and how it gives them. */
import type { Result, Schema } from "effect"
import type { Errors } from "../dialects/Dialect.ts"
import type { NotOfDialect } from "../dialects/NotOfDialect.ts"
import type { EmbeddingInput, EmbeddingsRequest } from "./EmbeddingsWire.ts"

/** What a vendor's answer says; nothing of it is checked but its form. */
export interface RaisedEmbeddings {
  /** As they stand there: numbers, or base64. */
  readonly vectors: ReadonlyArray<RaisedVector>
  /** Undefined: the vendor does not say it. */
  readonly model: string | undefined
  /** Undefined: the vendor did not count. */
  readonly input_tokens: number | undefined
  readonly total_tokens: number | undefined
  /** What the vendor says besides. */
  readonly rest: Schema.JsonObject
}

export interface RaisedVector {
  /** Undefined: it stands in the place of its input. */
  readonly index: number | undefined
  /** Decoded from JSON: a list of numbers or a text, or it is no vector. */
  readonly embedding: unknown
  readonly rest: Schema.JsonObject
}

/**
 * @example
 * EmbeddingVendor.make({ provider, client, dialect: ollamaEmbeddings })
 */
export interface EmbeddingDialect {
  readonly name: string
  /** Where its vendors answer, from their base URL on. */
  readonly path: (model: string) => string
  /** The body of a request; fails where the vendor could not be asked it: `param` names the field. */
  readonly lower: (request: EmbeddingsRequest) => Result.Result<Schema.JsonObject, NotOfDialect>
  /** Reads whatever JSON comes; `input`: what was asked. */
  readonly raise: (body: unknown, input: EmbeddingInput) => Result.Result<RaisedEmbeddings, NotOfDialect>
  readonly errors: Pick<Errors, "envelope" | "raise" | "retryAfter">
}
