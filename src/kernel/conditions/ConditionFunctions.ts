/** The functions and operators of conditions: each takes time that grows with its arguments at most. */
import type { ConditionType } from "./ConditionType.ts"
import { bool, double, equals, int, isNumber, string, toText } from "./ConditionType.ts"

type Types = ReadonlyArray<ConditionType>

/** The type of what comes out; a text of what is wrong with the arguments. */
type Overload = (types: Types) => ConditionType | string

const all = (kind: ConditionType["kind"], result: ConditionType): Overload => (types) =>
  types.every((type) => type.kind === kind) ? result : `takes ${kind}, not ${types.map(toText).join(" and ")}`

const comparable = (one: ConditionType, other: ConditionType): boolean =>
  equals(one, other) || (isNumber(one) && isNumber(other))

const equality: Overload = ([one, other]) =>
  comparable(one!, other!) ? bool : `compares ${toText(one!)} with ${toText(other!)}, which are never equal`

const order: Overload = ([one, other]) =>
  comparable(one!, other!) && (isNumber(one!) || one!.kind === "string")
    ? bool
    : `compares numbers or texts, not ${toText(one!)} with ${toText(other!)}`

const arithmetic: Overload = ([one, other = one]) => {
  if (!isNumber(one!) || !isNumber(other!)) return `takes numbers, not ${toText(one!)} and ${toText(other!)}`
  return equals(one!, other!) ? one! : `takes two int or two double: write double(…) around the int, or 5.0 for 5`
}

const plus: Overload = (types) => types.every(({ kind }) => kind === "string") ? string : arithmetic(types)

const remainder: Overload = (types) => all("int", int)(types)

const membership: Overload = ([element, within]) => {
  if (within!.kind === "map") return all("string", bool)([element!])
  if (within!.kind !== "list") return `looks into a list or a map, not into ${toText(within!)}`
  return comparable(element!, within!.of) ? bool : `looks for ${toText(element!)} in ${toText(within!)}`
}

const index: Overload = ([within, key]) => {
  if (within!.kind === "fields") return `takes a list or a map: write .name for a field of ${toText(within!)}`
  if (within!.kind !== "list" && within!.kind !== "map") return `takes a list or a map, not ${toText(within!)}`
  const kind = within!.kind === "list" ? "int" : "string"
  return key!.kind === kind ? within!.of : `takes ${kind} as the key of a ${within!.kind}, not ${toText(key!)}`
}

const choice: Overload = ([condition, one, other]) => {
  if (condition!.kind !== "bool") return `takes bool before the question mark, not ${toText(condition!)}`
  return equals(one!, other!) ? one! : `gives ${toText(one!)} or ${toText(other!)}: both must be of one type`
}

const size: Overload = ([value]) =>
  ["string", "list", "map"].includes(value!.kind) ? int : `counts texts, lists and maps, not ${toText(value!)}`

const number = (result: ConditionType): Overload => ([value]) =>
  isNumber(value!) || value!.kind === "string" ? result : `takes a number or a text, not ${toText(value!)}`

export interface ConditionFunction {
  /** As a person writes it. */
  readonly written: string
  /** With what it is asked of. */
  readonly count: number
  readonly overload: Overload
}

const operator = (written: string, count: number, overload: Overload): ConditionFunction => ({
  written,
  count,
  overload
})

const texts = all("string", bool)

/** By the names the parser gives them. */
const table: Readonly<Record<string, ConditionFunction>> = {
  "_&&_": operator("&&", 2, all("bool", bool)),
  "_||_": operator("||", 2, all("bool", bool)),
  "!_": operator("!", 1, all("bool", bool)),
  "_==_": operator("==", 2, equality),
  "_!=_": operator("!=", 2, equality),
  "_<_": operator("<", 2, order),
  "_<=_": operator("<=", 2, order),
  "_>_": operator(">", 2, order),
  "_>=_": operator(">=", 2, order),
  "_+_": operator("+", 2, plus),
  "_-_": operator("-", 2, arithmetic),
  "_*_": operator("*", 2, arithmetic),
  "_/_": operator("/", 2, arithmetic),
  "_%_": operator("%", 2, remainder),
  "-_": operator("-", 1, arithmetic),
  "@in": operator("in", 2, membership),
  "_[_]": operator("[…]", 2, index),
  "_?_:_": operator("? :", 3, choice),
  startsWith: operator("startsWith", 2, texts),
  endsWith: operator("endsWith", 2, texts),
  contains: operator("contains", 2, texts),
  matches: operator("matches", 2, texts),
  size: operator("size", 1, size),
  int: operator("int", 1, number(int)),
  double: operator("double", 1, number(double))
}

/** Those that are written as words. */
export const named: ReadonlyArray<string> = Object.keys(table).filter((name) => /^[a-z]\w*$/i.test(name))

export const functionOf = (name: string): ConditionFunction | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
