/** The conditions of rules, as Llama Stack writes them: `user is owner`, `user with admin in roles` … */
import * as RowFilter from "../../events/projections/RowFilter.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { valuesOf } from "../../events/types/Principal.ts"

export type AccessCondition =
  & { readonly negated: boolean }
  & (
    | { readonly _tag: "UserIsOwner" }
    | { readonly _tag: "UserWith"; readonly value: string; readonly attribute: string }
    | { readonly _tag: "UserInOwners"; readonly attribute: string }
    | { readonly _tag: "ResourceIsUnowned" }
  )

/** Every form there is. */
export const forms = [
  "user is owner",
  "user is not owner",
  "user with VALUE in ATTRIBUTE",
  "user with VALUE not in ATTRIBUTE",
  "user in owners ATTRIBUTE",
  "user not in owners ATTRIBUTE",
  "resource is unowned",
  "resource is not unowned"
]

const readings: ReadonlyArray<readonly [RegExp, (value: string, attribute: string) => AccessCondition]> = [
  [/^user is owner$/, () => ({ _tag: "UserIsOwner", negated: false })],
  [/^user is not owner$/, () => ({ _tag: "UserIsOwner", negated: true })],
  [/^user with (\S+) in (\S+)$/, (value, attribute) => ({ _tag: "UserWith", value, attribute, negated: false })],
  [/^user with (\S+) not in (\S+)$/, (value, attribute) => ({ _tag: "UserWith", value, attribute, negated: true })],
  [/^user in owners (\S+)$/, (attribute) => ({ _tag: "UserInOwners", attribute, negated: false })],
  [/^user not in owners (\S+)$/, (attribute) => ({ _tag: "UserInOwners", attribute, negated: true })],
  [/^resource is unowned$/, () => ({ _tag: "ResourceIsUnowned", negated: false })],
  [/^resource is not unowned$/, () => ({ _tag: "ResourceIsUnowned", negated: true })]
]

/** Undefined for a text that is no condition. */
export const parse = (text: string): AccessCondition | undefined => {
  const words = text.trim().replaceAll(/\s+/g, " ")
  for (const [form, make] of readings) {
    const match = form.exec(words)
    if (match !== null) return make(match[1] ?? "", match[2] ?? "")
  }
  return undefined
}

/** What a condition without its `not` says. An unowned resource has no owner to be, nor one to share anything with. */
const applies = (condition: AccessCondition, principal: Principal | null, owner: Principal | null): boolean => {
  switch (condition._tag) {
    case "UserIsOwner":
      return principal !== null && owner !== null && principal.id === owner.id
    case "UserWith":
      return principal !== null && valuesOf(principal.attributes, condition.attribute).includes(condition.value)
    case "UserInOwners": {
      if (principal === null || owner === null) return false
      const shared = valuesOf(owner.attributes, condition.attribute)
      return valuesOf(principal.attributes, condition.attribute).some((value) => shared.includes(value))
    }
    case "ResourceIsUnowned":
      return owner === null
  }
}

/** A principal without an attribute fails what asks for it: rules fail closed. */
export const holds = (condition: AccessCondition, principal: Principal | null, owner: Principal | null): boolean =>
  applies(condition, principal, owner) !== condition.negated

const positive = (condition: AccessCondition, principal: Principal | null): RowFilter.RowFilter => {
  switch (condition._tag) {
    case "UserIsOwner":
      return principal === null ? RowFilter.none : { _tag: "Equals", column: "owner", value: principal.id }
    case "UserWith":
      return RowFilter.constant(applies(condition, principal, null))
    case "UserInOwners": {
      const name = condition.attribute
      const values = principal === null ? [] : valuesOf(principal.attributes, name)
      return RowFilter.or(
        ...values.map((value) => ({ _tag: "Includes", column: "owner_attributes", name, value }) as const)
      )
    }
    case "ResourceIsUnowned":
      return { _tag: "Equals", column: "owner", value: null }
  }
}

/** The condition, for one principal, on the columns `owner` (its name) and `owner_attributes` (JSON). */
export const filter = (condition: AccessCondition, principal: Principal | null): RowFilter.RowFilter =>
  condition.negated ? RowFilter.not(positive(condition, principal)) : positive(condition, principal)
