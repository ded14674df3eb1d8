/** What lists of vectors have in common, whichever field of an answer they stand in. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { NotOfDialect } from "../dialects/NotOfDialect.ts"
import type { RaisedVector } from "./EmbeddingDialect.ts"

/** Vectors in the order of their inputs. */
export const inOrder = (vectors: ReadonlyArray<unknown>): ReadonlyArray<RaisedVector> =>
  vectors.map((embedding) => ({ index: undefined, embedding, rest: {} }))

/** A count; undefined for what is none. */
export const countIn = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? value as number : undefined

export const textIn = (value: unknown): string | undefined =>
  Predicate.isString(value) && value !== "" ? value : undefined

const excerpt = (body: unknown): string => (JSON.stringify(body) ?? "nothing").slice(0, 200)

/** `expected`: where the vectors should stand. */
export const noVectors = (dialect: string, expected: string, body: unknown): Result.Result<never, NotOfDialect> =>
  Result.fail(new NotOfDialect({ dialect, detail: `${expected}, not ${excerpt(body)}` }))

/** The vendor takes texts alone. */
export const noTokens = (dialect: string): Result.Result<never, NotOfDialect> =>
  Result.fail(new NotOfDialect({ dialect, param: "input", detail: "input: it takes texts, and no lists of tokens" }))

/** The fields of an object but for those. */
export const besides = (body: object, names: ReadonlyArray<string>): Schema.JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
