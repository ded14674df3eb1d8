/** Lists as OpenAI's dialect pages them: newest first or oldest first, with a cursor. */
import { Effect, Schema } from "effect"

/** A whole number in a query string, with a default. */
export const count = (options: { readonly default: number; readonly maximum: number; readonly description: string }) =>
  Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: options.maximum })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(options.default))
  ).annotate({ description: `${options.description} Default ${options.default}, at most ${options.maximum}.` })

export const listOf = <S extends Schema.Top>(item: S) =>
  Schema.Struct({
    object: Schema.Literal("list"),
    data: Schema.Array(item),
    first_id: Schema.NullOr(Schema.String),
    last_id: Schema.NullOr(Schema.String).annotate({ description: "Send it as `after` for the next page." }),
    has_more: Schema.Boolean
  })

/** A page of what was read with one item more than the limit. */
export const toPage = <A extends { readonly id: string }>(items: ReadonlyArray<A>, limit: number) => {
  const data = items.slice(0, limit)
  return {
    object: "list" as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: items.length > limit
  }
}
