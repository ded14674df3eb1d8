/** What a session file says of models and providers: context for its replay, and nothing else. */
import { Predicate, Result, Schema } from "effect"
import type { Definition } from "../../events/types/Event.ts"
import * as FirstIssue from "../issues/FirstIssue.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import type { Registration } from "./SessionEvents.ts"

/** A kind of resource this Strata does not have is of an API from outside that was served elsewhere. */
const foreignType = /^[a-z][a-z0-9_]*:(?:un)?registered$/

const at = (path: string, message: string): FirstIssue.FirstIssue => ({ path, message })

/** What is wrong with a registration; undefined: nothing. */
export const checker = (kinds: ReadonlyArray<AnyResourceKind>) => {
  const definitions: ReadonlyArray<Definition> = [
    ProviderEvents.Registered,
    ProviderEvents.Unregistered,
    ...kinds.flatMap(({ registered, unregistered }) => [registered, unregistered])
  ]
  const decoders = new Map(
    definitions.map(({ payload, type }) => [
      type,
      Schema.decodeUnknownResult(payload as Schema.Top as Schema.Codec<unknown>)
    ])
  )
  return ({ payload, type }: Registration): FirstIssue.FirstIssue | undefined => {
    const decode = decoders.get(type)
    if (decode === undefined) {
      if (!foreignType.test(type)) return at("type", `${JSON.stringify(type)} registers nothing`)
      return Predicate.isObject(payload) ? undefined : at("payload", "Expected object")
    }
    const decoded = decode(payload)
    if (Result.isSuccess(decoded)) return undefined
    const { message, path } = FirstIssue.of(decoded.failure)
    return at(path === "" ? "payload" : `payload.${path}`, message)
  }
}
