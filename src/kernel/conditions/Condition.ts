/**
 * Conditions in CEL (the Common Expression Language): parsed and checked once, evaluated for each request, in a time that
 * its length bounds. Patterns are RE2, whose time grows with the text alone.
 *
 * @example
 * Condition.compile("request.estimated_tokens < 2000 && !request.has_images", { targets: ["openai/gpt-5"] })
 */
import { Effect, Result, Schema } from "effect"
import type { Checked } from "./ConditionCheck.ts"
import type { ConditionScope, Variable } from "./ConditionScope.ts"
import { bindings } from "./ConditionScope.ts"

/** It can't be used, and why. */
export class ConditionInvalid extends Schema.TaggedError<ConditionInvalid>()("ConditionInvalid", {
  column: Schema.Int.annotate({ description: "From 1." }),
  detail: Schema.String
}) {
  override get message(): string {
    return `column ${this.column}: ${this.detail}`
  }
}

/** Whether it holds; `error`: why nobody knows, and it does not. */
export interface Evaluated {
  readonly holds: boolean
  readonly error?: string
}

export interface Condition {
  readonly text: string
  /** What it asks about. */
  readonly variables: ReadonlySet<Variable>
  readonly evaluate: (scope: Partial<ConditionScope>) => Evaluated
}

/** Characters. */
export const longest = 1000

/** Brackets within each other. */
const deepest = 20

const loaded = Effect.suspend(() =>
  Effect.promise(() => Promise.all([import("@bufbuild/cel"), import("./ConditionCheck.ts")]))
)

type Library = Effect.Success<typeof loaded>

const deep = (text: string): number => {
  let [depth, most] = [0, 0]
  for (const letter of text) {
    if ("([{".includes(letter)) most = Math.max(most, ++depth)
    else if (")]}".includes(letter)) depth--
  }
  return most
}

const invalid = (offset: number, detail: string) => new ConditionInvalid({ column: offset + 1, detail })

const tooLong = (text: string): ConditionInvalid | undefined => {
  if (text.trim() === "") return invalid(0, "it is empty: leave it out, or write true")
  if (text.length > longest) return invalid(longest, `it has ${text.length} characters: at most ${longest} are taken`)
  return deep(text) > deepest ? invalid(0, `more than ${deepest} brackets within each other`) : undefined
}

/** A syntax error says where it is. */
const syntaxError = (error: unknown): ConditionInvalid => {
  const { location, rawMessage } = error as {
    readonly location?: { readonly start?: { readonly offset?: number } }
    readonly rawMessage?: string
  }
  const detail = rawMessage === undefined ? "it can't be read" : rawMessage.replace(/^found/, "it has")
  return invalid(location?.start?.offset ?? 0, detail)
}

const parsed = ([{ parse }]: Library, text: string) => Result.try({ try: () => parse(text), catch: syntaxError })

const checked = (
  [, { check, ConditionProblem }]: Library,
  { expr, sourceInfo }: ReturnType<Library[0]["parse"]>,
  targets: ReadonlyArray<string>
) => {
  const placed = (id: bigint, detail: string) => invalid(Number(sourceInfo?.positions[String(id)] ?? 0), detail)
  return Result.try({
    try: () => check(expr, targets),
    catch: (error) =>
      error instanceof ConditionProblem ? placed(error.expression, error.message) : placed(expr.id, String(error))
  }).pipe(Result.map((checked) => ({ checked, placed })))
}

const evaluator = ([{ celEnv, isCelError, parse, plan }]: Library, text: string) => {
  const planned = plan(celEnv(), parse(text))
  return (values: Parameters<typeof planned>[0]): Evaluated => {
    try {
      const value = planned(values)
      return isCelError(value) ? { holds: false, error: value.message } : { holds: value === true }
    } catch (error) {
      return { holds: false, error: String(error) }
    }
  }
}

/** A pattern that can't be compiled is an error now, not at each request. */
const wrongPattern = (library: Library, { patterns }: Checked) =>
  patterns.flatMap(({ expression, pattern }) => {
    const { error } = evaluator(library, `''.matches(${JSON.stringify(pattern)})`)({})
    return error === undefined ? [] : [{ expression, error }]
  }).at(0)

export const compile = Effect.fnUntraced(function*(
  text: string,
  { targets }: { readonly targets: ReadonlyArray<string> }
): Effect.fn.Return<Condition, ConditionInvalid> {
  const bound = tooLong(text)
  if (bound !== undefined) return yield* bound
  const library = yield* loaded
  const expression = yield* Effect.fromResult(parsed(library, text))
  const { checked: about, placed } = yield* Effect.fromResult(checked(library, expression, targets))
  const wrong = wrongPattern(library, about)
  if (wrong !== undefined) return yield* placed(wrong.expression, wrong.error)
  const evaluate = evaluator(library, text)
  return {
    text,
    variables: about.variables,
    evaluate: (scope) => evaluate(bindings(scope) as Parameters<typeof evaluate>[0])
  }
})
