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

interface Page<A> {
  readonly data: ReadonlyArray<A>
  readonly has_more: boolean
}

/** A page as a client gets it. */
export const toList = <A extends { readonly id?: unknown }>({ data, has_more }: Page<A>) => ({
  object: "list" as const,
  data,
  first_id: data[0]?.id as Exclude<A["id"], undefined> ?? null,
  last_id: data.at(-1)?.id as Exclude<A["id"], undefined> ?? null,
  has_more
})

/** The same of lists that name no item by an empty text. */
export const toListWithTexts = <A extends { readonly id: string }>(page: Page<A>) => {
  const list = toList(page)
  return { ...list, first_id: list.first_id ?? "", last_id: list.last_id ?? "" }
}

/** A page of what was read with one item more than the limit. */
export const toPage = <A extends { readonly id: string }>(items: ReadonlyArray<A>, limit: number) =>
  toList({ data: items.slice(0, limit), has_more: items.length > limit })
