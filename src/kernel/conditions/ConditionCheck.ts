/**
 * Checks a condition before anything is evaluated: its variables, fields, functions and types. What could take long is
 * refused: loops over lists, texts as patterns that are not written there.
 */
import type { parse } from "@bufbuild/cel"
import { Data } from "effect"
import { suggest } from "../issues/NearestKey.ts"
import * as Functions from "./ConditionFunctions.ts"
import type { Variable } from "./ConditionScope.ts"
import * as Scope from "./ConditionScope.ts"
import type { ConditionType } from "./ConditionType.ts"
import { bool, double, int, listOf, nothing, string, toText } from "./ConditionType.ts"

type Expression = ReturnType<typeof parse>["expr"]
type Kind<Case extends string> = Extract<Expression["exprKind"], { case: Case }>["value"]

/** What is wrong, and where: by the number of its expression. */
export class ConditionProblem extends Data.TaggedError("ConditionProblem")<{
  readonly expression: bigint
  readonly message: string
}> {}

const problem = (expression: bigint, message: string) => new ConditionProblem({ expression, message })

/** Expressions of one condition. */
const mostExpressions = 200

/** Characters of a pattern. */
const longestPattern = 200

const macros = "all, exists, exists_one, map and filter"

export interface Checked {
  readonly variables: ReadonlySet<Variable>
  readonly patterns: ReadonlyArray<{ readonly expression: bigint; readonly pattern: string }>
}

class Check {
  readonly variables = new Set<Variable>()
  readonly patterns: Array<{ readonly expression: bigint; readonly pattern: string }> = []
  readonly #targets: ReadonlyArray<string>
  #count = 0

  constructor(targets: ReadonlyArray<string>) {
    this.#targets = targets
  }

  typeOf(expression: Expression): ConditionType {
    const { exprKind, id } = expression
    if (++this.#count > mostExpressions) {
      throw problem(id, `more than ${mostExpressions} expressions: make several targets of it`)
    }
    switch (exprKind.case) {
      case "constExpr":
        return this.#constant(id, exprKind.value)
      case "identExpr":
        return this.#variable(id, exprKind.value.name)
      case "selectExpr":
        return this.#field(id, exprKind.value)
      case "callExpr":
        return this.#call(id, exprKind.value)
      case "listExpr":
        return this.#list(id, exprKind.value)
      case "comprehensionExpr":
        throw problem(id, `loops over a list (${macros}): write \`x in list\`, or compare one by one`)
      default:
        throw problem(id, "a map or a message can't be made here: ask about the variables themselves")
    }
  }

  #constant(id: bigint, { constantKind }: Kind<"constExpr">): ConditionType {
    switch (constantKind.case) {
      case "boolValue":
        return bool
      case "int64Value":
        return int
      case "doubleValue":
        return double
      case "stringValue":
        return string
      case "nullValue":
        return nothing
      default:
        throw problem(id, "numbers without sign and bytes have no use here: write 5, 5.0 or 'text'")
    }
  }

  #variable(id: bigint, name: string): ConditionType {
    if (!Scope.isVariable(name)) {
      throw problem(id, `there is no variable ${name}. ${suggest(name, Object.keys(Scope.types))}`)
    }
    this.variables.add(name)
    return Scope.types[name]
  }

  #field(id: bigint, { field, operand, testOnly }: Kind<"selectExpr">): ConditionType {
    const within = this.typeOf(operand!)
    if (within.kind === "map") return testOnly ? bool : within.of
    if (within.kind !== "fields") throw problem(id, `${toText(within)} has no fields, such as ${field}`)
    const type = Object.hasOwn(within.fields, field) ? within.fields[field] : undefined
    if (type === undefined) {
      const names = Object.keys(within.fields)
      throw problem(id, `${within.name} has no field ${field}. ${suggest(field, names)}`)
    }
    if (testOnly) throw problem(id, `${within.name}.${field} is always there: compare it with something`)
    return type
  }

  #list(id: bigint, { elements }: Kind<"listExpr">): ConditionType {
    const [first, ...others] = elements.map((element) => this.typeOf(element))
    if (first === undefined) throw problem(id, "an empty list holds nothing: leave the comparison out")
    const other = others.find((type) => toText(type) !== toText(first))
    if (other !== undefined) {
      throw problem(
        id,
        `a list of ${toText(first)} and ${toText(other)}: its elements must be of one type`
      )
    }
    return listOf(first)
  }

  #call(id: bigint, call: Kind<"callExpr">): ConditionType {
    const { args, function: name, target } = call
    const of = Functions.functionOf(name)
    if (of === undefined) {
      throw problem(id, `there is no function ${name}. ${suggest(name, Functions.named)}`)
    }
    const given = target === undefined ? args : [target, ...args]
    if (given.length !== of.count) {
      throw problem(
        id,
        `${of.written} takes ${of.count} in all, with what it is asked of: here are ${given.length}`
      )
    }
    if (name === "matches") this.#pattern(id, given[1]!)
    if (name === "_[_]") this.#target(given[0]!, given[1]!)
    const type = of.overload(given.map((each) => this.typeOf(each)))
    if (typeof type === "string") throw problem(id, `${of.written} ${type}`)
    return type
  }

  #pattern(id: bigint, { exprKind }: Expression): void {
    const pattern = textOf(exprKind)
    if (pattern === undefined) {
      throw problem(id, "the pattern of matches must be a text that is written here")
    }
    if (pattern.length > longestPattern) {
      throw problem(
        id,
        `the pattern has ${pattern.length} characters: at most ${longestPattern} are taken`
      )
    }
    this.patterns.push({ expression: id, pattern })
  }

  /** A target's name that is written here is one. */
  #target(within: Expression, key: Expression): void {
    const name = within.exprKind.case === "identExpr" ? within.exprKind.value.name : ""
    const target = textOf(key.exprKind)
    if ((name !== "price" && name !== "latency") || target === undefined || this.#targets.includes(target)) return
    throw problem(
      key.id,
      `${name} is of the model's own targets, and ${target} is none. ${suggest(target, this.#targets)}`
    )
  }
}

const textOf = (kind: Expression["exprKind"]): string | undefined =>
  kind.case === "constExpr" && kind.value.constantKind.case === "stringValue"
    ? kind.value.constantKind.value
    : undefined

/** Throws a `ConditionProblem`. `targets`: the models that prices and latencies are of. */
export const check = (expression: Expression, targets: ReadonlyArray<string>): Checked => {
  const check = new Check(targets)
  const type = check.typeOf(expression)
  if (type.kind !== "bool") {
    throw problem(expression.id, `it gives ${toText(type)}: a condition is true or false`)
  }
  return check
}
