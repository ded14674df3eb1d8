/** Decodes the arguments of a tool; what is wrong is told to the model that gave them: by field, with what is expected. */
import { Cause, Exit, JsonSchema, Predicate, Result, Schema, SchemaRepresentation } from "effect"
import { decodingIssues } from "../issues/SchemaIssues.ts"

/** Levels of arguments: what is deeper no recording can hold. */
export const deepest = 256

/** Looked at level by level: the stack is not asked. */
export const isTooDeep = (given: Schema.Json): boolean => {
  let level: ReadonlyArray<unknown> = [given]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true
    level = level.flatMap((each) =>
      Predicate.isObjectOrArray(each) ? Object.values(each) as ReadonlyArray<unknown> : []
    )
  }
  return false
}

export const tooDeep = `The arguments are nested deeper than ${deepest} levels.`

/** A model reads them. */
const most = 20

const wrong = "The arguments are not right."

/** A value is told by its kind alone: it may be long, or a key. */
const issues = (error: Schema.SchemaError, given: Schema.JsonObject): string => {
  const lines = decodingIssues(error, { config: given }, ["config"]).slice(0, most).map(({ message, path }) => {
    const field = path.replace(/^config\.?/, "")
    return field === "" ? message : `${field}: ${message}`
  })
  return `${wrong} ${lines.join("; ")}.`
}

/** How arguments become what a Schema says. */
export const decoder = <I>(schema: Schema.Codec<I, unknown>) => {
  const decode = Schema.decodeUnknownExit(Schema.toCodecJson(schema))
  return (given: Schema.JsonObject): Result.Result<I, string> => {
    try {
      const decoded = decode(given)
      if (Exit.isSuccess(decoded)) return Result.succeed(decoded.value)
      const error = Cause.squash(decoded.cause)
      return Result.fail(Schema.isSchemaError(error) ? issues(error, given) : wrong)
    } catch {
      // They leave no stack.
      return Result.fail("The arguments are nested too deep.")
    }
  }
}

/** The same by a JSON Schema (2020-12); fails where it is one that can't be followed. */
export const ofJsonSchema = (
  written: Schema.JsonObject
): Result.Result<(given: Schema.JsonObject) => Result.Result<unknown, string>, string> => {
  try {
    const document = JsonSchema.fromSchemaDraft2020_12(written as JsonSchema.JsonSchema)
    const schema = SchemaRepresentation.fromJsonSchemaDocument(document, { patterns: "apply" })
    return Result.succeed(decoder(schema as unknown as Schema.Codec<unknown, unknown>))
  } catch (error) {
    return Result.fail(error instanceof Error ? error.message : String(error))
  }
}
