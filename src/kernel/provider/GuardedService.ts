/** A service from outside: its functions that are to give an Effect do, whatever they give. */
import { Effect, Predicate } from "effect"
import type { AnyContract, Effectful, Optional } from "./Compliance.ts"
import { isEffectful, isOptional, kindText } from "./Compliance.ts"

type Functions = Readonly<Record<string, (...parameters: ReadonlyArray<unknown>) => unknown>>
type Members = Readonly<Record<string, AnyContract | Optional<AnyContract>>>

const withMembers = (contract: AnyContract): contract is Members =>
  Predicate.isObject(contract) && !Array.isArray(contract) && !isEffectful(contract)

const required = (contract: AnyContract | Optional<AnyContract>): AnyContract =>
  isOptional(contract) ? contract["~optional"] : contract

const isConcerned = (contract: AnyContract): boolean =>
  isEffectful(contract) ||
  withMembers(contract) && Object.values(contract).some((each) => isConcerned(required(each)))

/** A Promise that nobody waits for would end the process when it fails. */
export const forget = (value: unknown): void => {
  if (Predicate.isPromise(value)) value.then(undefined, () => {})
}

const answer = ({ "~effect": options }: Effectful<unknown>, given: unknown, member: string, provider_id: string) => {
  const { expects, failure } = options
  const fail = (what: string): Effect.Effect<never, unknown> => {
    const detail = `${member} did not give ${what}: ask its author for a version that does`
    return failure === undefined
      ? Effect.die(new Error(`The provider ${provider_id} does not fulfil its contract: ${detail}`))
      : Effect.fail(failure(provider_id, detail))
  }
  if (!Effect.isEffect(given)) {
    forget(given)
    return fail(`an Effect, but ${kindText(given)}`)
  }
  if (expects === undefined) return given
  return Effect.flatMap(given, (value) => {
    const expected = expects(value)
    return expected === undefined ? Effect.succeed(value) : fail(expected)
  })
}

/** Members are called on the service itself: it may be of a class with private fields. */
const guarded = (contract: AnyContract, service: unknown, provider_id: string, path: string): unknown => {
  if (!Predicate.isObject(service) || !withMembers(contract) || !isConcerned(contract)) return service
  const members = service as Functions
  const names = Object.keys(contract).filter((name) => members[name] !== undefined)
  return Object.create(
    service,
    Object.fromEntries(names.map((name): [string, PropertyDescriptor] => {
      const member = required(contract[name]!)
      if (isEffectful(member)) {
        const call = (...parameters: ReadonlyArray<unknown>) =>
          answer(member, members[name]!(...parameters), path + name, provider_id)
        return [name, { enumerable: true, value: call }]
      }
      if (member === "function") {
        return [name, {
          enumerable: true,
          value: (...parameters: ReadonlyArray<unknown>) => members[name]!(...parameters)
        }]
      }
      return [name, { enumerable: true, get: () => guarded(member, members[name], provider_id, `${path}${name}.`) }]
    }))
  )
}

/** What fulfils the contract, and keeps to it when it is asked. */
export const make = (contract: AnyContract, service: unknown, provider_id: string): unknown =>
  guarded(contract, service, provider_id, "")
