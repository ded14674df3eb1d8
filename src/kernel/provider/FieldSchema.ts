/** Kinds of fields that several sections of the configuration have. */
import { Effect, Option, Result, Schema, SchemaGetter } from "effect"

const wholeText = /^\s*[+-]?\d+\s*$/u

const decimalText = /^\s*[+-]?\d+(\.\d+)?\s*$/u

/** A number or its text form, with a default. */
export const decimal = (
  minimum: number,
  maximum: number,
  about: { readonly description: string; readonly default: number }
) => {
  const expected = `a number from ${minimum} to ${maximum}`
  const number = Schema.Finite.annotate({ expected }).check(Schema.isBetween({ minimum, maximum }, { expected }))
  const numberOf = (value: number | string) =>
    typeof value === "number" ? value : decimalText.test(value) ? Number(value) : NaN
  const fits = Schema.makeFilter((value: number | string) => {
    const wanted = numberOf(value)
    return wanted >= minimum && wanted <= maximum
  }, { expected })
  const written = Schema.String.check(Schema.isPattern(decimalText, { expected }))
  return Schema.Union([number, written]).annotate({ expected, ...about }).check(fits).pipe(
    Schema.decodeTo(number.annotate(about), {
      decode: SchemaGetter.transform(numberOf),
      encode: SchemaGetter.passthroughSubtype()
    }),
    Schema.withDecodingDefaultKey(Effect.succeed(about.default))
  )
}

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
    const wanted = numberOf(value)
    return Number.isInteger(wanted) && wanted >= minimum && wanted <= maximum
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

const webUrl = "a URL that begins with https:// or http://"

/** Where something is on the network. */
export const url = Schema.String.annotate({ expected: webUrl }).check(
  Schema.makeFilter((value: string) => URL.canParse(value), { expected: webUrl }),
  Schema.isPattern(/^https?:\/\/\S+$/u, { expected: webUrl })
)

const decodeJson = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Array(text)))

/** Undefined for what is no list; an empty text is no text at all. */
const listIn = (written: string): ReadonlyArray<string> | undefined =>
  written.trim().startsWith("[")
    ? Result.getOrUndefined(decodeJson(written))
    : written.split(",").map((each) => each.trim()).filter((each) => each !== "")

/** What is wrong with one text of a list; undefined: nothing. */
type Problem = (text: string) => string | undefined

const each = (problem: Problem) =>
  Schema.makeFilter((value: ReadonlyArray<string> | string) =>
    (typeof value === "string" ? listIn(value) ?? [] : value).flatMap((item, index) => {
      const issue = problem(item)
      return issue === undefined ? [] : [{ path: typeof value === "string" ? [] : [index], issue }]
    })
  )

/**
 * A list of texts or, because the environment only knows text, one with commas or one in JSON. It may be absent; a text
 * without any is as absent as no key.
 */
export const texts = (about: { readonly description: string }, problem: Problem = () => undefined) => {
  const expected = "a list of texts, or one text with commas"
  const list = Schema.Array(text).annotate({ expected, ...about })
  const written = Schema.String.check(
    Schema.makeFilter((value: string) => listIn(value) !== undefined, { expected })
  )
  return Schema.optionalKey(Schema.Union([list, written]).annotate({ expected, ...about }).check(each(problem))).pipe(
    Schema.decodeTo(Schema.optionalKey(list), {
      decode: SchemaGetter.transformOptional(Option.flatMap((value: ReadonlyArray<string> | string) => {
        if (typeof value !== "string") return Option.some(value)
        return Option.filter(Option.fromUndefinedOr(listIn(value)), (items) => items.length > 0)
      })),
      encode: SchemaGetter.passthroughSubtype()
    })
  )
}

/** The longest a timer can wait. */
export const maximumTimerMs = 2_147_483_647
