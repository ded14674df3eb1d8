/** What vendors of reranking have in common: they take texts alone, and answer with a list. */
import { Predicate, Result, Struct } from "effect"
import type { Schema } from "effect"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import { NotOfDialect } from "../dialects/NotOfDialect.ts"
import type { RaisedRanking } from "./RerankDialect.ts"
import type { RerankContent, RerankRequest } from "./RerankWire.ts"

/** A request in texts. */
export interface TextRequest {
  readonly query: string
  readonly texts: ReadonlyArray<string>
  /** What the client says besides. */
  readonly rest: Schema.JsonObject
}

const textIn = (content: RerankContent): string | undefined =>
  Predicate.isString(content) ? content : textOrNull(field(content, "text")) ?? undefined

const noImages = (dialect: string, param: string) =>
  Result.fail(new NotOfDialect({ dialect, param, detail: `${param}: it takes texts, and no images` }))

/** What Strata says in the vendor's words, or does itself. */
const own = ["items", "max_num_results", "model", "query"] as const

/** Fails where there is more than text in it. */
export const of = (
  dialect: string,
  request: RerankRequest
): Result.Result<TextRequest, NotOfDialect> => {
  const { items, query } = request
  const rest = Struct.omit(request, own)
  const text = textIn(query)
  if (text === undefined) return noImages(dialect, "query")
  const texts = items.map(textIn)
  const image = texts.indexOf(undefined)
  if (image !== -1) return noImages(dialect, `items.${image}`)
  return Result.succeed({ query: text, texts: texts as ReadonlyArray<string>, rest: rest as Schema.JsonObject })
}

const tokensIn = (body: unknown): number | undefined => {
  const total = field(field(body, "usage"), "total_tokens")
  return Number.isSafeInteger(total) ? total as number : undefined
}

/** How a dialect writes an order. */
export interface WrittenRanking {
  /** The list, where the body holds one. */
  readonly list: (body: unknown) => unknown
  /** The field of each in which its score stands. */
  readonly score: string
  /** For people. */
  readonly expected: string
}

export const raise =
  (dialect: string, { expected, list, score }: WrittenRanking) =>
  (body: unknown): Result.Result<RaisedRanking, NotOfDialect> => {
    const results = list(body)
    if (!Array.isArray(results)) return Result.fail(new NotOfDialect({ dialect, detail: `expected ${expected}` }))
    return Result.succeed({
      results: results.map((each) => ({ index: field(each, "index"), score: field(each, score) })),
      total_tokens: tokensIn(body)
    })
  }
