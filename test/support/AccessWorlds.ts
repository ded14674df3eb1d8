/** Small worlds of principals, resources and rules, so that rules made at random often fit. */
import { Schema } from "effect"
import type { AccessRule } from "../../src/kernel/access/AccessPolicy.ts"
import { Action } from "../../src/kernel/access/AccessPolicy.ts"

const Name = Schema.Literals(["alice", "bob", "o'neil\" %_", "constructor"])
const Values = Schema.Array(Schema.Literals(["red", "green", "a\"b'%"])).check(Schema.isMaxLength(2))
const Attribute = Schema.Literals(["teams", "roles", "constructor", "a.b\"c"])

const Principal = Schema.Struct({ id: Name, attributes: Schema.Record(Attribute, Values) })

/** Null: nobody. */
export const Asking = Schema.NullOr(Principal)
export const Id = Schema.Literals(["openai/gpt-4o", "openai/*", "openai", "s1", "S1", "", "ärger/x", "😀/y", "a%b_c"])
export const Type = Schema.Literals(["model", "session", "tool", "tool_group"])

const Pattern = Schema.Literals([
  "*",
  "model::*",
  "tool::*",
  "session::s1",
  "model::openai/*",
  "model::ärger/*",
  "model::😀*",
  "session::a%b*",
  "model::openai/gpt-4o",
  "regex:.*::(openai|s).*",
  "regex:tool.*",
  "regex:model::[^/]+"
])

const Condition = Schema.TemplateLiteral([
  Schema.Literals([
    "user is owner",
    "user is not owner",
    "resource is unowned",
    "resource is not unowned",
    "user in owners teams",
    "user not in owners teams",
    "user in owners constructor",
    "user in owners a.b\"c",
    "user with red in teams",
    "user with red not in teams",
    "user with green in roles"
  ])
])

const Rule = Schema.Struct({
  permit: Schema.Boolean,
  principal: Schema.NullOr(Name),
  actions: Schema.NonEmptyArray(Action),
  resource: Schema.NullOr(Pattern),
  kind: Schema.Literals(["always", "when", "unless"]),
  conditions: Schema.NonEmptyArray(Condition)
})

const toRule = (rule: typeof Rule.Type): AccessRule => {
  const { actions, conditions, kind, permit, principal, resource } = rule
  const scope = {
    actions,
    ...(principal === null ? {} : { principal }),
    ...(resource === null ? {} : { resource })
  }
  return {
    ...(permit ? { permit: scope } : { forbid: scope }),
    ...(kind === "when" ? { when: conditions } : kind === "unless" ? { unless: conditions } : {})
  }
}

export const Rules = Schema.Array(Rule).check(Schema.isMaxLength(6))
export const toRules = (rules: typeof Rules.Type): ReadonlyArray<AccessRule> => rules.map(toRule)
