/** Lists as parameters of a statement: one list a column. */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Result } from "effect"

export const texts = (values: ReadonlyArray<string | null>): PgTypes.Parameter =>
  Result.getOrThrow(PgTypes.array(values, PgTypes.OID.text))

export const integers = (values: ReadonlyArray<number | null>): PgTypes.Parameter =>
  Result.getOrThrow(PgTypes.array(values, PgTypes.OID.int4))

export const binaries = (values: ReadonlyArray<Uint8Array | null>): PgTypes.Parameter =>
  Result.getOrThrow(PgTypes.array(values, PgTypes.OID.bytea))

export const bigints = (values: ReadonlyArray<number | bigint | null>): PgTypes.Parameter =>
  Result.getOrThrow(PgTypes.array(values.map((value) => value === null ? null : BigInt(value)), PgTypes.OID.int8))
