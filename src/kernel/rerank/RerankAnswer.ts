/** An order as Strata answers it: items that there are, each once, the highest score first, and no more than asked for. */
import { Result } from "effect"
import type { RaisedRanking } from "./RerankDialect.ts"
import type { RerankRequest, RerankResponse, RerankResult } from "./RerankWire.ts"

/** Fails with what is wrong with it. */
export const of = (
  raised: RaisedRanking,
  { items, max_num_results }: Pick<RerankRequest, "items" | "max_num_results">
): Result.Result<RerankResponse, string> => {
  const results: Array<RerankResult> = []
  const ranked = new Set<number>()
  for (const { index, score } of raised.results) {
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= items.length) {
      return Result.fail(`the index ${String(index)} is none of ${items.length} items`)
    }
    if (ranked.has(index)) return Result.fail(`the index ${index} stands there twice`)
    if (typeof score !== "number" || !Number.isFinite(score)) return Result.fail(`item ${index} has no score`)
    ranked.add(index)
    results.push({ index, relevance_score: score })
  }
  const expected = Math.min(items.length, max_num_results ?? items.length)
  if (results.length < expected) return Result.fail(`${results.length} results, where ${expected} were asked for`)
  const data = results.toSorted((one, other) => other.relevance_score - one.relevance_score || one.index - other.index)
  const usage = raised.total_tokens === undefined ? {} : { usage: { total_tokens: raised.total_tokens } }
  return Result.succeed({ data: data.slice(0, expected), ...usage })
}
