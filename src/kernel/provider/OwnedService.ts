/** A service of a provider instance whose members run for it: its effects, streams and functions, and those they give. */
import { Effect, Exit, Predicate, Stream } from "effect"
import type { AnyContract } from "./Compliance.ts"
import { isOptional } from "./Compliance.ts"
import type { Owner } from "./ProviderContext.ts"
import * as ProviderContext from "./ProviderContext.ts"

type AnyFunction = (...parameters: ReadonlyArray<unknown>) => unknown
type Members = Readonly<Record<string, unknown>>

/** How deep effects, streams and functions are looked for in what is not of a class. */
const deepest = 4

const isPlain = (value: unknown): value is Members =>
  Predicate.isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** `self` is what a function is called on. What only is there, an Exit included, stays the same. */
const owned = (value: unknown, owner: Owner | undefined, self?: unknown, depth = 0): unknown => {
  if (Exit.isExit(value)) {
    const answer = Exit.isSuccess(value) ? owned(value.value, owner, undefined, depth) : undefined
    return Exit.isSuccess(value) && answer !== value.value ? Exit.succeed(answer) : value
  }
  if (Effect.isEffect(value)) {
    return ProviderContext.within(Effect.map(value, (answer) => owned(answer, owner)), owner)
  }
  if (Stream.isStream(value)) return Stream.provideService(value, ProviderContext.CurrentOwner, owner)
  if (typeof value === "function") {
    return (...parameters: ReadonlyArray<unknown>) =>
      owned(ProviderContext.run(owner, () => Reflect.apply(value as AnyFunction, self, parameters)), owner)
  }
  return isPlain(value) && depth < deepest ? ofPlain(value, owner, depth + 1) : value
}

/** The same object where nothing in it runs. */
const ofPlain = (value: Members, owner: Owner | undefined, depth: number): Members => {
  const changed = Object.entries(value)
    .map(([name, member]) => [name, owned(member, owner, value, depth)] as const)
    .filter(([name, member]) => member !== value[name])
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) }
}

/** The members its contract names, called on the service itself: it may be of a class with private fields. */
const ofContract = (contract: AnyContract, service: unknown, owner: Owner): unknown => {
  const isMembers = Predicate.isObject(contract) && !Array.isArray(contract) &&
    !Predicate.hasProperty(contract, "~effect")
  if (!Predicate.isObject(service) || Effect.isEffect(service) || Stream.isStream(service) || !isMembers) {
    return owned(service, owner)
  }
  const members = service as Members
  const names = Object.entries(contract).filter(([name]) => members[name] !== undefined)
  return Object.create(
    service,
    Object.fromEntries(names.map(([name, member]): [string, PropertyDescriptor] => {
      const kind = isOptional(member) ? member["~optional"] : member
      const get = () => {
        const value = members[name]
        return typeof value === "function" ? owned(value, owner, service) : ofContract(kind, value, owner)
      }
      return [name, { enumerable: true, get }]
    }))
  )
}

/** A service whose members run for an instance, whoever asks; the service itself where there is no owner. */
export const make = (contract: AnyContract, service: unknown, owner: Owner | undefined): unknown =>
  owner === undefined ? service : ofContract(contract, service, owner)

/** A plain service of Strata's own, whose members run for no instance, be it one that asks. */
export const outside = <Service extends object>(service: Service): Service => owned(service, undefined) as Service
