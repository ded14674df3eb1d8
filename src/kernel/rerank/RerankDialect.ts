/** A wire format of reranking: how a vendor is asked, and how it answers. */
import type { Result, Schema } from "effect"
import type { Errors } from "../dialects/Dialect.ts"
import type { NotOfDialect } from "../dialects/NotOfDialect.ts"
import type { RerankRequest } from "./RerankWire.ts"

/** As it stands in an answer: nothing of it is checked. */
export interface RaisedResult {
  readonly index: unknown
  readonly score: unknown
}

export interface RaisedRanking {
  readonly results: ReadonlyArray<RaisedResult>
  /** Undefined: the vendor did not count. */
  readonly total_tokens: number | undefined
}

export interface RerankDialect {
  readonly name: string
  /** Where its vendors answer, from their base URL on. */
  readonly path: (model: string) => string
  /** The body of a request; fails where the vendor could not be asked it: `param` names the field. */
  readonly lower: (request: RerankRequest) => Result.Result<Schema.JsonObject, NotOfDialect>
  /** Reads whatever JSON comes. */
  readonly raise: (body: unknown) => Result.Result<RaisedRanking, NotOfDialect>
  readonly errors: Pick<Errors, "envelope" | "raise" | "retryAfter">
}
