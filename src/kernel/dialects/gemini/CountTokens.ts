/** `models/<model>:countTokens`: what is sent to count a request's tokens, and what comes back. */
import { Result, Schema } from "effect"
import { openStruct } from "../../../events/types/OpenSchema.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { TokenCount } from "../../messages/TokenCount.ts"
import type { TokenCounting } from "../Dialect.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as ModelPath from "./ModelPath.ts"

const dialect = "gemini"

const wire = openStruct({ totalTokens: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)) })

const decode = Schema.decodeUnknownResult(wire)

export const countTokens: TokenCounting = {
  path: ModelPath.counting,
  // System's words and tools are counted in this form alone.
  lower: (body, model) => ({ generateContentRequest: { model: ModelPath.resourceOf(model), ...body } }),
  raise: (body) =>
    decode(body).pipe(
      Result.map(({ totalTokens, ...rest }): TokenCount => ({
        input_tokens: totalTokens,
        ...optionsOf(dialect, rest)
      })),
      Result.mapError(({ message }) => new NotOfDialect({ dialect, detail: message }))
    ),
  answer: (count) => ({ totalTokens: count.input_tokens, ...optionsFor(dialect, count) })
}
