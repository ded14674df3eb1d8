/** Whether a principal may do something, and by which rule: the first that fits; none: no. */
import type { Principal } from "../../events/types/Principal.ts"
import { holds } from "./AccessCondition.ts"
import type { AccessPolicy, Action, RuleBase } from "./AccessPolicy.ts"
import type { AccessResource } from "./AccessResource.ts"
import { matchesPattern, qualifiedId } from "./AccessResource.ts"

export interface Decision {
  readonly permitted: boolean
  /** Place of the rule that decided, from 0; null: none fitted. */
  readonly rule: number | null
}

/** True where the conditions of a rule let it apply. */
export const applies = (rule: RuleBase, principal: Principal | null, owner: Principal | null): boolean => {
  if (rule.principal !== undefined && rule.principal !== principal?.id) return false
  if (rule.conditions.length === 0) return true
  return rule.conditions.every((condition) => holds(condition, principal, owner)) !== rule.unless
}

/** The first rule that fits. */
export const first = <R extends RuleBase>(rules: ReadonlyArray<R>, fits: (rule: R) => boolean): Decision => {
  const rule = rules.findIndex(fits)
  return rule === -1 ? { permitted: false, rule: null } : { permitted: rules[rule]!.effect === "permit", rule }
}

export const decide = (
  policy: AccessPolicy,
  principal: Principal | null,
  action: Action,
  resource: AccessResource
): Decision => {
  const id = qualifiedId(resource)
  return first(
    policy.rules,
    (rule) => rule.actions.has(action) && matchesPattern(rule.resource, id) && applies(rule, principal, resource.owner)
  )
}
