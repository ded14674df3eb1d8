/** What conditions may ask about, with its types. */
import type { ConditionType } from "./ConditionType.ts"
import { bool, double, fieldsOf, int, listOf, mapOf, string } from "./ConditionType.ts"

export interface ConditionScope {
  readonly request: {
    /** As the client calls it. */
    readonly model: string
    readonly stream: boolean
    readonly messages: number
    readonly tools: number
    readonly has_tools: boolean
    readonly has_images: boolean
    /** By a rule, and no tokenizer. */
    readonly estimated_tokens: number
    /** The longest answer; 0: it does not say. */
    readonly max_output_tokens: number
    /** Empty: it does not say. */
    readonly user: string
    readonly metadata: Readonly<Record<string, string>>
  }
  readonly principal: {
    /** Empty: nobody is known. */
    readonly id: string
    readonly attributes: Readonly<Record<string, ReadonlyArray<string>>>
  }
  /** Empty: the default one. */
  readonly tenant: string
  /** Of the request's beginning, in UTC. */
  readonly time: {
    /** RFC 3339. */
    readonly now: string
    readonly hour: number
    readonly minute: number
    /** `monday` … `sunday`. */
    readonly weekday: string
  }
  /** US dollars for a million tokens, by target; those without a known price are not there. */
  readonly price: Readonly<Record<string, { readonly input: number; readonly output: number }>>
  /** Milliseconds until an answer began, lately, by target; those that were not asked lately are not there. */
  readonly latency: Readonly<Record<string, number>>
}

export const types: Readonly<Record<keyof ConditionScope, ConditionType>> = {
  request: fieldsOf("request", {
    model: string,
    stream: bool,
    messages: int,
    tools: int,
    has_tools: bool,
    has_images: bool,
    estimated_tokens: int,
    max_output_tokens: int,
    user: string,
    metadata: mapOf(string)
  }),
  principal: fieldsOf("principal", { id: string, attributes: mapOf(listOf(string)) }),
  tenant: string,
  time: fieldsOf("time", { now: string, hour: int, minute: int, weekday: string }),
  price: mapOf(fieldsOf("price of a target", { input: double, output: double })),
  latency: mapOf(double)
}

export type Variable = keyof ConditionScope

export const isVariable = (name: string): name is Variable => Object.hasOwn(types, name)

type Bound = bigint | number | string | boolean | ReadonlyArray<string> | { readonly [name: string]: Bound }

/** As CEL takes it: whole numbers are so by their type. */
const bound = (value: unknown, type: ConditionType): Bound => {
  if (type.kind === "int") return BigInt(value as number)
  if (type.kind !== "fields" && type.kind !== "map") return value as Bound
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, each]) => {
      const of = type.kind === "fields" ? type.fields[name] : type.of
      return of === undefined ? [] : [[name, bound(each, of)]]
    })
  )
}

/** What is not asked about may be left out. */
export const bindings = (scope: Partial<ConditionScope>): Readonly<Record<string, Bound>> =>
  Object.fromEntries(
    Object.entries(scope).flatMap(([name, value]) => isVariable(name) ? [[name, bound(value, types[name])]] : [])
  )
