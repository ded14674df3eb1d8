/** Types of what conditions are made of: fewer than CEL has, and none that is known only when it is evaluated. */

export type ConditionType =
  | { readonly kind: "bool" | "int" | "double" | "string" | "null" }
  | { readonly kind: "list" | "map"; readonly of: ConditionType }
  | { readonly kind: "fields"; readonly name: string; readonly fields: Readonly<Record<string, ConditionType>> }

export const bool = { kind: "bool" } as const
export const int = { kind: "int" } as const
export const double = { kind: "double" } as const
export const string = { kind: "string" } as const
export const nothing = { kind: "null" } as const

export const listOf = (of: ConditionType): ConditionType => ({ kind: "list", of })

/** By texts. */
export const mapOf = (of: ConditionType): ConditionType => ({ kind: "map", of })

export const fieldsOf = (name: string, fields: Readonly<Record<string, ConditionType>>): ConditionType => ({
  kind: "fields",
  name,
  fields
})

export const isNumber = ({ kind }: ConditionType): boolean => kind === "int" || kind === "double"

export const toText = (type: ConditionType): string => {
  if (type.kind === "list" || type.kind === "map") return `${type.kind} of ${toText(type.of)}`
  return type.kind === "fields" ? type.name : type.kind
}

export const equals = (one: ConditionType, other: ConditionType): boolean => toText(one) === toText(other)
