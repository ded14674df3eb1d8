/** The rules of routes: who may use which paths, before any handler runs. */
import { Schema } from "effect"
import type { Principal } from "../../events/types/Principal.ts"
import * as Condition from "./AccessCondition.ts"
import type { Decision } from "./AccessDecision.ts"
import { applies, first } from "./AccessDecision.ts"
import type { RuleBase } from "./AccessPolicy.ts"
import { about, Action, actions, asList, checkEach, compileConditions, oneOrMore, wellFormed } from "./AccessPolicy.ts"
import type { ResourcePattern } from "./AccessResource.ts"
import { compilePattern, matchesPattern, regexProblem } from "./AccessResource.ts"

const text = Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })

/** A route has no owner: what asks for one would never hold. */
const conditionProblem = (text: string): string | undefined =>
  Condition.parse(text)?._tag === "UserWith"
    ? undefined
    : `${JSON.stringify(text)} is no condition of a route: write user with VALUE in ATTRIBUTE, or not in`

const pathProblem = (text: string): string | undefined =>
  text.startsWith("/") || text === "*"
    ? undefined
    : text.startsWith("regex:")
    ? regexProblem(text)
    : `${JSON.stringify(text)} is no path: begin it with /, or write *`

const conditions = (description: string) =>
  oneOrMore(text, "a condition such as user with admin in roles").annotate({ description })
    .check(checkEach(conditionProblem))

const Scope = Schema.Struct({
  paths: oneOrMore(text, "a path").annotate({
    description:
      "`/v1/models`, a prefix that ends in `*`, `*`, or `regex:` and what the whole must match; a list of them"
  }).check(checkEach(pathProblem)).annotateKey({
    messageMissingKey: "missing: name the paths the rule is about, for example paths: /v1/models"
  }),
  principal: Schema.optionalKey(text.annotate({ description: "Only this principal; default: everyone" })),
  actions: Schema.optionalKey(
    oneOrMore(Action, "create, read, update or delete").annotate({
      description: "GET is read, POST create, PUT and PATCH update, DELETE delete; default: all"
    })
  )
}).annotate({ expected: "a mapping with paths" })

export const RouteRule = Schema.Struct({
  permit: Schema.optionalKey(Scope.annotate({ description: about.permit })),
  forbid: Schema.optionalKey(Scope.annotate({ description: about.forbid })),
  when: Schema.optionalKey(conditions(about.when)),
  unless: Schema.optionalKey(conditions(about.unless)),
  description: Schema.optionalKey(Schema.String.annotate({ description: about.description }))
}).annotate({ expected: "a mapping with permit or forbid" }).check(wellFormed)
export type RouteRule = typeof RouteRule.Type

interface CompiledRule extends RuleBase {
  readonly actions: ReadonlySet<Action>
  readonly paths: ReadonlyArray<ResourcePattern>
}

export type RoutePolicy = ReadonlyArray<CompiledRule>

const compileRule = (rule: RouteRule): CompiledRule => {
  const scope = rule.permit ?? rule.forbid!
  return {
    effect: rule.permit === undefined ? "forbid" : "permit",
    principal: scope.principal,
    actions: new Set(scope.actions === undefined ? actions : asList(scope.actions)),
    paths: asList(scope.paths).map(compilePattern),
    ...compileConditions(rule),
    description: rule.description ?? null
  }
}

export const compile = (rules: ReadonlyArray<RouteRule>): RoutePolicy => rules.map(compileRule)

const byMethod: Readonly<Record<string, Action>> = { POST: "create", PUT: "update", PATCH: "update", DELETE: "delete" }

export const actionOf = (method: string): Action => byMethod[method] ?? "read"

/** The path is without query, its parameters decoded. */
export const decide = (policy: RoutePolicy, principal: Principal | null, action: Action, path: string): Decision =>
  first(
    policy,
    (rule) =>
      rule.actions.has(action) && rule.paths.some((pattern) => matchesPattern(pattern, path)) &&
      applies(rule, principal, null)
  )
