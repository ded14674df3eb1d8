/**
 * What an API's contract looks like at run time: for providers that this repository's compiler has never seen.
 *
 * A contract is declared once, next to the API's slot; its type holds it to the slot's interface, so that a member can
 * neither be forgotten nor be given another kind.
 */
import { Effect, Predicate, Schema, Stream } from "effect"

type SimpleKind = "function" | "effect" | "stream" | "string" | "number" | "boolean" | "array" | "value"

/** A member that may be absent. */
export interface Optional<Kind> {
  readonly "~optional": Kind
}
export const optional = <const Kind>(kind: Kind): Optional<Kind> => ({ "~optional": kind })

/** A member that may be absent where one of others is there. */
export interface Unless<Kind> extends Optional<Kind> {
  readonly "~others": ReadonlyArray<string>
}
export const unless = <const Kind>(others: string | ReadonlyArray<string>, kind: Kind): Unless<Kind> => ({
  "~optional": kind,
  "~others": typeof others === "string" ? [others] : others
})

/** A function that gives an Effect; what its callers get where a provider from outside gives something else. */
export interface Effectful<E> {
  readonly "~effect": {
    /** Absent: a defect. */
    readonly failure?: (provider_id: string, detail: string) => E
    /** What else an answer must be, for people; undefined: it is. */
    readonly expects?: (answer: unknown) => string | undefined
  }
}
export const effectful = <E = never>(options: Effectful<E>["~effect"] = {}): Effectful<E> => ({ "~effect": options })

/** A kind, the texts a member may be, or the members of an object. */
export type AnyContract =
  | SimpleKind
  | Effectful<unknown>
  | ReadonlyArray<string>
  | { readonly [member: string]: AnyContract | Optional<AnyContract> }

type ObjectContract<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Optional<Contract<Exclude<T[K], undefined>>> : Contract<T[K]>
}

/** The contract of a service. */
export type Contract<T> = unknown extends T ? AnyContract
  : [T] extends [(...parameters: never) => Effect.Effect<unknown, infer E, unknown>] ? "function" | Effectful<E>
  : [T] extends [(...parameters: never) => unknown] ? "function"
  : [T] extends [Effect.Effect<unknown, unknown, unknown>] ? "effect"
  : [T] extends [Stream.Stream<unknown, unknown, unknown>] ? "stream"
  : [T] extends [string] ? (string extends T ? "string" : ReadonlyArray<T>)
  : [T] extends [number] ? "number"
  : [T] extends [boolean] ? "boolean"
  : [T] extends [ReadonlyArray<unknown>] ? "array"
  : [T] extends [object] ? ObjectContract<T>
  : "value"

const Violation = Schema.Struct({
  /** `models.list`; empty: the service itself; `layer`: what makes it. */
  member: Schema.String,
  expected: Schema.String,
  /** `nothing` where the member is missing. */
  actual: Schema.String
})
export type Violation = typeof Violation.Type

/** An instance that does not fulfil its API's contract: all that is missing or of another kind. */
export class ProviderNotCompliant extends Schema.TaggedError<ProviderNotCompliant>()("ProviderNotCompliant", {
  api: Schema.String,
  provider_id: Schema.String,
  provider_type: Schema.String,
  violations: Schema.NonEmptyArray(Violation)
}) {
  override get message(): string {
    const lines = this.violations.map(({ expected, actual, member }) =>
      `${member === "" ? "the service" : member}: expected ${expected}, found ${actual}`
    )
    return `The provider "${this.provider_id}" (${this.provider_type}) does not fulfil the contract of the API ` +
      `${this.api}. Ask its author for a version that does.\n  ${lines.join("\n  ")}`
  }
}

const kindOf = (value: unknown): SimpleKind | "an object" | "a Promise" | "nothing" => {
  if (value === undefined || value === null) return "nothing"
  if (Effect.isEffect(value)) return "effect"
  if (Stream.isStream(value)) return "stream"
  if (Array.isArray(value)) return "array"
  if (Predicate.isPromise(value)) return "a Promise"
  const type = typeof value
  if (type === "function" || type === "string" || type === "number" || type === "boolean") return type
  return type === "object" ? "an object" : "value"
}

const articles: Readonly<Record<string, string>> = { array: "an", effect: "an", nothing: "", value: "any" }
const withArticle = (kind: string): string => /^an? /.test(kind) ? kind : `${articles[kind] ?? "a"} ${kind}`.trimStart()

/** What a value is, for people. */
export const kindText = (value: unknown): string => withArticle(kindOf(value))

export const isEffectful = (contract: AnyContract): contract is Effectful<unknown> =>
  Predicate.hasProperty(contract, "~effect")

export const isOptional = (member: AnyContract | Optional<AnyContract>): member is Optional<AnyContract> =>
  Predicate.hasProperty(member, "~optional")

const isTexts = (contract: AnyContract): contract is ReadonlyArray<string> => Array.isArray(contract)

/** `a`, `a or b`, `a, b or c`. */
const alternatives = (names: ReadonlyArray<string>): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`

const othersOf = (member: Optional<AnyContract>): ReadonlyArray<string> =>
  "~others" in member ? (member as Unless<AnyContract>)["~others"] : []

const compare = (contract: AnyContract, value: unknown, member: string): ReadonlyArray<Violation> => {
  const kind = kindOf(value)
  const otherwise = (expected: string, instead = withArticle(kind)) => [{ member, expected, actual: instead }]
  if (isEffectful(contract)) return compare("function", value, member)
  if (contract === "value") return kind === "nothing" ? otherwise(withArticle(contract)) : []
  if (typeof contract === "string") return kind === contract ? [] : otherwise(withArticle(contract))
  if (isTexts(contract)) {
    if (typeof value === "string" && contract.includes(value)) return []
    return otherwise(
      `one of ${contract.join(", ")}`,
      typeof value === "string" ? JSON.stringify(value) : withArticle(kind)
    )
  }
  if (!Predicate.isObject(value)) return otherwise("an object")
  return Object.entries(contract).flatMap(([name, each]) => {
    const inner = Reflect.get(value, name)
    const path = member === "" ? name : `${member}.${name}`
    if (!isOptional(each)) return compare(each, inner, path)
    if (inner !== undefined) return compare(each["~optional"], inner, path)
    const others = othersOf(each)
    if (others.length === 0 || others.some((other) => Reflect.get(value, other) !== undefined)) return []
    return compare(each["~optional"], inner, path).map((violation) => ({
      ...violation,
      expected: `${violation.expected}, or ${alternatives(others)}`
    }))
  })
}

/** All that a service lacks of its API's contract; none: it fulfils it, as far as members and their kinds go. */
export const check = (api: { readonly contract: AnyContract }, service: unknown): ReadonlyArray<Violation> =>
  compare(api.contract, service, "")
