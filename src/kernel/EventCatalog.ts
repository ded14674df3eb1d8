/** Every event there is, by type. */
import { Layer } from "effect"
import * as ApiEvents from "../apis/ApiEvents.ts"
import * as ContributionEvents from "../events/ContributionEvents.ts"
import type { Definition, Family } from "../events/Event.ts"
import * as HookEvents from "../events/HookEvents.ts"
import * as LlmEvents from "../events/LlmEvents.ts"
import * as LogEvents from "../events/LogEvents.ts"
import * as PolicyEvents from "../events/PolicyEvents.ts"
import * as ProviderEvents from "../events/ProviderEvents.ts"
import * as SessionEvents from "../events/SessionEvents.ts"
import * as Upcasting from "../events/Upcasting.ts"
import { ownKinds } from "./ResourceKinds.ts"

const members = ({ base, debug, raw }: Family): ReadonlyArray<Definition> => [base, debug, raw]

/** What happens in a session, and may come back in with its file: no other event stands in its stream. */
export const ofSessions: ReadonlyArray<Definition> = [
  SessionEvents.Started,
  SessionEvents.Resumed,
  SessionEvents.Ended,
  SessionEvents.Forked,
  SessionEvents.Imported,
  ...[ApiEvents.Request, ApiEvents.Response, ApiEvents.Error].flatMap(({ base, raw }) => [base, raw]),
  ...[LlmEvents.Request, LlmEvents.Response, LlmEvents.Error].flatMap(members),
  ...members(HookEvents.Decided),
  HookEvents.Failed,
  PolicyEvents.Violation
]

export const definitions: ReadonlyArray<Definition> = [
  ...ofSessions,
  ProviderEvents.Registered,
  ProviderEvents.Unregistered,
  ProviderEvents.RecordingStarted,
  ProviderEvents.Skipped,
  ProviderEvents.Deprecated,
  ProviderEvents.Healthy,
  ProviderEvents.Unhealthy,
  ...ownKinds.flatMap(({ registered, unregistered }) => [registered, unregistered]),
  ContributionEvents.Failed,
  PolicyEvents.Configured,
  LogEvents.Pruned
]

const byType = new Map(definitions.map((definition) => [definition.type, definition]))

/** The definition of a type; undefined for types this Strata does not know. */
export const find = (type: string): Definition | undefined => byType.get(type)

/** Who reads the log gets every event in its current version: for the hub and the store below it. */
export const upcasting = Layer.succeed(Upcasting.EventUpcasting, Upcasting.make(definitions))
