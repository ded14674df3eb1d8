/** The rules a server runs with, said in the log: a replay decides by those that were in force. */
import { Effect, Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { Payload } from "../../events/types/Event.ts"
import { canonical } from "../../events/types/JsonDifference.ts"
import { defaultTenant } from "../../events/types/Tenant.ts"
import type { AccessPolicy } from "./AccessPolicy.ts"
import * as Policy from "./AccessPolicy.ts"
import type { Authentication } from "./AuthenticationConfiguration.ts"
import * as PolicyEvents from "./PolicyEvents.ts"
import type { Quota } from "./QuotaConfiguration.ts"

export interface PolicySettings {
  readonly auth?: Authentication
  readonly quota?: Quota
}

type Configured = Payload<typeof PolicyEvents.Configured>

/** The rules of the configuration, or those that hold without. */
const policyOf = (rules: ReadonlyArray<Policy.AccessRule>, authenticated: boolean): AccessPolicy =>
  rules.length > 0 ? Policy.compile(rules) : authenticated ? Policy.owners : Policy.open

export const of = ({ auth }: PolicySettings): AccessPolicy =>
  policyOf(auth?.access_policy ?? [], (auth?.providers.length ?? 0) > 0)

const toPayload = ({ auth, quota }: PolicySettings): Configured => ({
  authentication: (auth?.providers ?? []).map(({ type }) => type),
  access_policy: (auth?.access_policy ?? []).map((rule) => ({ ...rule })) as Configured["access_policy"],
  route_policy: (auth?.route_policy ?? []).map((rule) => ({ ...rule })) as Configured["route_policy"],
  quota: quota === undefined ? null : { ...quota }
})

/** Every change there was, in order. */
export const changes = (
  log: Pick<EventHub["Service"], "read">
): Effect.Effect<ReadonlyArray<RecordedEvent>, EventLogUnavailable> =>
  readAll(log, { tenant: defaultTenant, stream: PolicyEvents.stream, types: [PolicyEvents.Configured.type] })

/** Says which rules are in force, where they are not the ones before; a log begins with none. */
export const record = Effect.fn("PolicyInForce.record")(function*(settings: PolicySettings) {
  const hub = yield* EventHub
  const payload = toPayload(settings)
  const last = (yield* changes(hub)).at(-1)
  const recorded = last === undefined ? toPayload({}) : payloadOf(last)
  if (canonical(recorded) === canonical(payload)) return
  yield* hub.append(PolicyEvents.stream, "any", [yield* Draft.make(PolicyEvents.Configured, payload)])
})

const decodeRules = Schema.decodeUnknownSync(Schema.Array(Policy.AccessRule))

/** The rules in force at a position. */
export const at = (changes: ReadonlyArray<RecordedEvent>, position: number): AccessPolicy => {
  const last = changes.findLast((event) => event.position <= position)
  if (last === undefined) return Policy.open
  const { access_policy, authentication } = payloadOf(last) as unknown as Configured
  return policyOf(decodeRules(access_policy), authentication.length > 0)
}
