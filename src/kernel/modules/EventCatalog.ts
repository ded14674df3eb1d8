/** Every event there is, by type. */
import { Layer } from "effect"
import * as LogEvents from "../../events/log/LogEvents.ts"
import type { Definition, Family } from "../../events/types/Event.ts"
import * as Upcasting from "../../events/types/Upcasting.ts"
import * as PolicyEvents from "../access/PolicyEvents.ts"
import * as LlmEvents from "../calls/LlmEvents.ts"
import * as ContributionEvents from "../contributions/ContributionEvents.ts"
import * as HookEvents from "../hooks/HookEvents.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import * as ApiEvents from "../requests/ApiEvents.ts"
import * as SessionEvents from "../sessions/SessionEvents.ts"
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
