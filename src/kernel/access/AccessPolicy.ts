/** The rules of access to resources, as the configuration writes them and as they are applied. */
import { Schema } from "effect"
import type { AccessCondition } from "./AccessCondition.ts"
import * as Condition from "./AccessCondition.ts"
import type { ResourcePattern } from "./AccessResource.ts"
import { compilePattern, resourceProblem } from "./AccessResource.ts"

export const Action = Schema.Literals(["create", "read", "update", "delete"]).annotate({
  expected: "create, read, update or delete"
})
export type Action = typeof Action.Type
/** Every one. */
export const actions = ["create", "read", "update", "delete"] as const

const text = Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })

/** One, or a list of several. */
export const oneOrMore = <S extends Schema.Codec<string>>(item: S, expected: string) =>
  Schema.Union([item, Schema.NonEmptyArray(item)]).annotate({ expected: `${expected}, or a list` })

export const asList = <A extends string>(value: A | ReadonlyArray<A>): ReadonlyArray<A> =>
  typeof value === "string" ? [value] : value

/** Says of a list, or of a single text, what is wrong with each. */
export const checkEach = (problem: (text: string) => string | undefined) =>
  Schema.makeFilter((value: string | ReadonlyArray<string>) =>
    asList(value).flatMap((each, index) => {
      const issue = problem(each)
      return issue === undefined ? [] : [{ path: typeof value === "string" ? [] : [index], issue }]
    })
  )

const conditionProblem = (text: string): string | undefined =>
  Condition.parse(text) === undefined
    ? `${JSON.stringify(text)} is no condition: write one of ${Condition.forms.join("; ")}`
    : undefined

/** The fields that rules of resources and of routes have alike. */
export const about = {
  permit: "What is allowed, where the rule fits",
  forbid: "What is denied, where the rule fits",
  when: "The rule fits where all of these conditions hold",
  unless: "The rule fits where not all of these conditions hold",
  description: "What it is for, for people: a denial quotes it"
} as const

const conditions = (description: string) =>
  oneOrMore(text, "a condition such as user is owner").annotate({ description }).check(checkEach(conditionProblem))

const Scope = Schema.Struct({
  principal: Schema.optionalKey(text.annotate({ description: "Only this principal; default: everyone" })),
  actions: oneOrMore(Action, "create, read, update or delete").annotate({
    description: "create, read, update, delete, or a list of them"
  }).annotateKey({
    messageMissingKey: "missing: name what the rule is about, for example actions: [read]"
  }),
  resource: Schema.optionalKey(
    text.annotate({
      description: "`type::id`, `type::*`, a prefix that ends in `*`, or `regex:` and what the whole must match; " +
        "default: every resource"
    }).check(checkEach(resourceProblem))
  )
}).annotate({ expected: "a mapping with actions, and principal or resource" })

/** Exactly one effect, at most one kind of condition. */
export const wellFormed = Schema.makeFilter((
  rule: { readonly permit?: unknown; readonly forbid?: unknown; readonly when?: unknown; readonly unless?: unknown }
) => {
  const issues: Array<string> = []
  if ((rule.permit === undefined) === (rule.forbid === undefined)) {
    issues.push("a rule has either permit or forbid: keep one of them")
  }
  if (rule.when !== undefined && rule.unless !== undefined) {
    issues.push("a rule has when or unless, not both: make two rules of it")
  }
  return issues.map((issue) => ({ path: [], issue }))
})

export const AccessRule = Schema.Struct({
  permit: Schema.optionalKey(Scope.annotate({ description: about.permit })),
  forbid: Schema.optionalKey(Scope.annotate({ description: about.forbid })),
  when: Schema.optionalKey(conditions(about.when)),
  unless: Schema.optionalKey(conditions(about.unless)),
  description: Schema.optionalKey(Schema.String.annotate({ description: about.description }))
}).annotate({
  expected: "a mapping with permit or forbid",
  description: "The first rule whose scope and conditions fit decides. `when`: all of its conditions hold; `unless`: " +
    "not all of them do"
}).check(wellFormed)
export type AccessRule = typeof AccessRule.Type

export type Effect = "permit" | "forbid"

/** What the rules of resources and of routes have in common, compiled. */
export interface RuleBase {
  readonly effect: Effect
  readonly principal: string | undefined
  readonly conditions: ReadonlyArray<AccessCondition>
  /** True: the rule fits where its conditions do not all hold. */
  readonly unless: boolean
  readonly description: string | null
}

interface CompiledRule extends RuleBase {
  readonly actions: ReadonlySet<Action>
  readonly resource: ResourcePattern
}

export interface AccessPolicy {
  readonly name: "open" | "owners" | "configured"
  readonly rules: ReadonlyArray<CompiledRule>
}

/** The conditions of a rule; their texts have been checked. */
export const compileConditions = (
  { unless, when }: Pick<AccessRule, "when" | "unless">
): Pick<RuleBase, "conditions" | "unless"> => ({
  conditions: asList(when ?? unless ?? []).flatMap((each) => Condition.parse(each) ?? []),
  unless: unless !== undefined
})

const compileRule = (rule: AccessRule): CompiledRule => {
  const scope = rule.permit ?? rule.forbid!
  return {
    effect: rule.permit === undefined ? "forbid" : "permit",
    principal: scope.principal,
    actions: new Set(asList(scope.actions)),
    resource: compilePattern(scope.resource ?? "*"),
    ...compileConditions(rule),
    description: rule.description ?? null
  }
}

export const compile = (rules: ReadonlyArray<AccessRule>, name: AccessPolicy["name"] = "configured"): AccessPolicy => ({
  name,
  rules: rules.map(compileRule)
})

/** Without authentication and without rules: everything, for everyone. */
export const open = compile([{ permit: { actions } }], "open")

/** With authentication, without rules: what one owns and what is nobody's; the whole log is for nobody. */
export const owners = compile([
  { forbid: { actions, resource: "events::*" }, description: "The whole log needs a rule of its own." },
  { permit: { actions }, when: "user is owner" },
  { permit: { actions }, when: "resource is unowned" }
], "owners")
