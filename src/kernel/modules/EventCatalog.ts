/** Every event there is, by type: those of the kernel, those of operations, those of the modules. */
import { Layer } from "effect"
import * as LogEvents from "../../events/log/LogEvents.ts"
import type { Definition, Family } from "../../events/types/Event.ts"
import * as Upcasting from "../../events/types/Upcasting.ts"
import * as PolicyEvents from "../access/PolicyEvents.ts"
import * as CompletionEvents from "../calls/CompletionEvents.ts"
import * as KeyEvents from "../calls/KeyEvents.ts"
import * as LlmEvents from "../calls/LlmEvents.ts"
import * as StreamEvents from "../calls/StreamEvents.ts"
import * as ContributionEvents from "../contributions/ContributionEvents.ts"
import * as HookEvents from "../hooks/HookEvents.ts"
import type { Operation } from "../http/Operations.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import * as BreakerEvents from "../reliability/BreakerEvents.ts"
import * as ReliabilityEvents from "../reliability/ReliabilityEvents.ts"
import * as RoutingEvents from "../reliability/RoutingEvents.ts"
import * as ApiEvents from "../requests/ApiEvents.ts"
import * as SessionEvents from "../sessions/SessionEvents.ts"
import * as SystemOperations from "../system/SystemOperations.ts"
import * as WorkEvents from "../work/WorkEvents.ts"

export interface EventCatalog {
  readonly definitions: ReadonlyArray<Definition>
  /** What happens in a session, and may come back in with its file: no other event stands in its stream. */
  readonly ofSessions: ReadonlyArray<Definition>
  /** The definition of a type; undefined for types this Strata does not know. */
  readonly find: (type: string) => Definition | undefined
  /** Who reads the log gets every event in its current version: for the hub and the store below it. */
  readonly upcasting: Layer.Layer<never>
}

const members = ({ base, debug, raw }: Family): ReadonlyArray<Definition> => [base, debug, raw]

const ofSessions: ReadonlyArray<Definition> = [
  SessionEvents.Started,
  SessionEvents.Resumed,
  SessionEvents.Ended,
  SessionEvents.Forked,
  SessionEvents.Imported,
  ...[LlmEvents.Request, LlmEvents.Response, LlmEvents.Error].flatMap(members),
  CompletionEvents.ToolSequenceRepaired,
  CompletionEvents.RequestDegraded,
  CompletionEvents.IncompleteContinuation,
  KeyEvents.KeySelected,
  ...Object.values(ReliabilityEvents),
  ...Object.values(RoutingEvents),
  ...members(HookEvents.Decided),
  HookEvents.Failed,
  PolicyEvents.Violation
]

const ofKernel: ReadonlyArray<Definition> = [
  ProviderEvents.Registered,
  ProviderEvents.Unregistered,
  ProviderEvents.RecordingStarted,
  ProviderEvents.Skipped,
  ProviderEvents.Deprecated,
  ProviderEvents.Healthy,
  ProviderEvents.Unhealthy,
  ...Object.values(BreakerEvents),
  ContributionEvents.Failed,
  PolicyEvents.Configured,
  LogEvents.Pruned,
  LogEvents.LiveEventsLost,
  ...Object.values(StreamEvents),
  ...Object.values(WorkEvents)
]

interface ModuleEvents {
  /** What modules record in requests. */
  readonly recorded?: ReadonlyArray<Definition>
  /** What is registered in their registries: it stands in streams of its own. */
  readonly registrations?: ReadonlyArray<Definition>
}

/** `operations`: whose requests and answers are told exactly. */
export const make = (
  operations: ReadonlyArray<Operation>,
  { recorded = [], registrations = [] }: ModuleEvents = {}
): EventCatalog => {
  const inSessions = [...ofSessions, ...ApiEvents.definitionsOf([...operations, ...SystemOperations.all]), ...recorded]
  const definitions = [...inSessions, ...ofKernel, ...registrations]
  const byType = new Map(definitions.map((definition) => [definition.type, definition]))
  return {
    definitions,
    ofSessions: inSessions,
    find: (type) => byType.get(type),
    upcasting: Layer.succeed(Upcasting.EventUpcasting, Upcasting.make(definitions))
  }
}
