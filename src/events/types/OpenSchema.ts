/** Open Schemas: unknown fields survive a round trip, at every level that is declared open. */
import { Schema } from "effect"

/** A Struct that keeps the fields it does not know. */
export const openStruct = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Schema.StructWithRest(Schema.Struct(fields), [Schema.Record(Schema.String, Schema.Json)])

/** An optional field that may also be null, as OpenAI's dialect has them. */
export const nullable = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
