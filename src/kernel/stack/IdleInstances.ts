/** In a verification: the instances that need not start, because what they answered is recorded at the call. */
import { Context } from "effect"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"

/** As `api/provider_id`; default none. */
export const CurrentIdleInstances = Context.Reference<ReadonlySet<string>>(
  "strata/kernel/stack/IdleInstances/CurrentIdleInstances",
  {
    defaultValue: () => new Set()
  }
)

export const isIdle = (idle: ReadonlySet<string>, { api, provider_id }: PlannedProvider): boolean =>
  idle.has(`${api}/${provider_id}`)

/** Stands in for what an instance does: whoever calls it has made a mistake. */
export const standIn = ({ provider_id }: PlannedProvider): object => {
  const member: object = new Proxy(() => {}, {
    get: () => member,
    apply: () => {
      throw new Error(`${provider_id} is not started in a verification, and was asked all the same`)
    }
  })
  return member
}
