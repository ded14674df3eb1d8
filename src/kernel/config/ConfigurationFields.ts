/** Kinds of fields that several sections of the configuration have. */
import { Effect, Schema, SchemaGetter } from "effect"

const wholeText = /^\s*[+-]?\d+\s*$/u

/** A whole number or, because the environment only knows text, its text form; it must be there. */
export const wholeNumber = (
  minimum: number,
  maximum: number,
  about: { readonly description: string; readonly default?: number }
) => {
  const expected = minimum === maximum ? `the number ${minimum}` : `a whole number from ${minimum} to ${maximum}`
  const number = Schema.Finite.annotate({ expected })
    .check(Schema.isInt({ expected }), Schema.isBetween({ minimum, maximum }, { expected }))
  const numberOf = (value: number | string) =>
    typeof value === "number" ? value : wholeText.test(value) ? Number(value) : NaN
  // Checked as written, so that it is told together with what is wrong elsewhere.
  const fits = Schema.makeFilter((value: number | string) => {
    const found = numberOf(value)
    return Number.isInteger(found) && found >= minimum && found <= maximum
  }, { expected })
  const written = Schema.String.check(Schema.isPattern(wholeText, { expected }))
  return Schema.Union([number, written]).annotate({ expected, ...about }).check(fits).pipe(
    Schema.decodeTo(number.annotate(about), {
      decode: SchemaGetter.transform(numberOf),
      encode: SchemaGetter.passthroughSubtype()
    })
  )
}

/** A whole number that has a default. */
export const whole = (
  minimum: number,
  maximum: number,
  about: { readonly description: string; readonly default: number }
) => wholeNumber(minimum, maximum, about).pipe(Schema.withDecodingDefaultKey(Effect.succeed(about.default)))

/** True or false or, because the environment only knows text, their text forms. */
export const flag = (about: { readonly description: string }) =>
  Schema.Union([Schema.Boolean, Schema.Literals(["true", "false"])]).annotate({ expected: "true or false", ...about })
    .pipe(
      Schema.decodeTo(Schema.Boolean.annotate(about), {
        decode: SchemaGetter.transform((value) => value === true || value === "true"),
        encode: SchemaGetter.passthroughSubtype()
      })
    )

/** A text that says something. */
export const text = Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })
/** The longest a timer can wait. */
export const maximumTimerMs = 2_147_483_647
