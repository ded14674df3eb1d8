/** A policy as a condition on rows: what a principal may see, asked of the store and not of the page it gave. */
import type { IndexValue } from "../../events/projections/Projection.ts"
import * as RowFilter from "../../events/projections/RowFilter.ts"
import type { Principal } from "../../events/types/Principal.ts"
import * as Condition from "./AccessCondition.ts"
import type { AccessPolicy, Action } from "./AccessPolicy.ts"
import type { AccessResource, ResourceType } from "./AccessResource.ts"
import { patternFilter } from "./AccessResource.ts"

type Rule = AccessPolicy["rules"][number]

/** The rows a rule fits; a rule for others, or for other actions, fits none. */
const ruleFilter = (rule: Rule, principal: Principal | null, action: Action, type: ResourceType) => {
  const concerns = rule.actions.has(action) && (rule.principal === undefined || rule.principal === principal?.id)
  if (!concerns) return RowFilter.none
  const conditions = RowFilter.and(...rule.conditions.map((condition) => Condition.filter(condition, principal)))
  return RowFilter.and(
    patternFilter(rule.resource, type),
    rule.unless && rule.conditions.length > 0 ? RowFilter.not(conditions) : conditions
  )
}

/** The first rule that fits decides: what comes later asks only about the rest. */
export const make = (
  policy: AccessPolicy,
  principal: Principal | null,
  action: Action,
  type: ResourceType
): RowFilter.RowFilter =>
  policy.rules.reduceRight<RowFilter.RowFilter>((rest, rule) => {
    const fits = ruleFilter(rule, principal, action, type)
    return rule.effect === "permit" ? RowFilter.or(fits, rest) : RowFilter.and(RowFilter.not(fits), rest)
  }, RowFilter.none)

/** The columns the condition asks about, of a resource's owner: for the index of a projection. */
export const ownerColumns = {
  owner: (owner: Principal | null): IndexValue => owner?.id ?? null,
  owner_attributes: (owner: Principal | null): IndexValue => JSON.stringify(owner?.attributes) ?? null
}

/** The condition on a resource in memory. */
export const permits = (filter: RowFilter.RowFilter, { id, owner }: Omit<AccessResource, "type">): boolean =>
  RowFilter.test(
    filter,
    (column) =>
      column === "owner"
        ? ownerColumns.owner(owner)
        : column === "owner_attributes"
        ? ownerColumns.owner_attributes(owner)
        : id
  )
