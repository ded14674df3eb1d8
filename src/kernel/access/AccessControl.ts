/**
 * The policy in force, for every registry and store: what the principal of this fiber may see, as a condition for the
 * query, and what it may do. Denials are told as `policy:violation`.
 */
import { Context, Effect, Layer, Option } from "effect"
import { HttpServerRequest } from "effect/http"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import * as RowFilter from "../../events/projections/RowFilter.ts"
import type { Payload } from "../../events/types/Event.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { isSystem } from "../../events/types/SystemPrincipal.ts"
import { AccessDenied } from "../http/AccessDenied.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import type { Decision } from "./AccessDecision.ts"
import { decide } from "./AccessDecision.ts"
import * as AccessFilter from "./AccessFilter.ts"
import type { AccessPolicy, Action } from "./AccessPolicy.ts"
import { open } from "./AccessPolicy.ts"
import type { AccessResource, ResourceType } from "./AccessResource.ts"
import { qualifiedId } from "./AccessResource.ts"
import * as PolicyEvents from "./PolicyEvents.ts"

export class AccessControl extends Context.Service<AccessControl, {
  /** True: everything is permitted to everyone, and nobody need ask. */
  readonly isOpen: boolean
  /** The rows the principal may do this to: a store asks for no others, so that its pages are full. */
  filter(action: Action, type: ResourceType): Effect.Effect<RowFilter.RowFilter>
  permits(action: Action, resource: AccessResource): Effect.Effect<boolean>
  /** Fails as for what is not there, where it may not be read. */
  authorizeRead<E>(resource: AccessResource, hidden: () => E): Effect.Effect<void, E>
  /** The same for what changes things; what may be read is denied openly. */
  authorize<E>(action: Action, resource: AccessResource, hidden: () => E): Effect.Effect<void, AccessDenied | E>
}>()("strata/kernel/access/AccessControl") {
  /** The rules that hold; a function says which hold now. */
  static readonly layer = (
    policy: AccessPolicy | (() => AccessPolicy)
  ): Layer.Layer<AccessControl, never, EventHub> =>
    policy === open
      ? AccessControl.open
      : Layer.effect(AccessControl, make(typeof policy === "function" ? policy : () => policy))
  /** Without rules, as for who works on a data folder without a server: that one may do everything. */
  static readonly open = Layer.sync(AccessControl, () =>
    AccessControl.of({
      isOpen: true,
      filter: () => Effect.succeed(RowFilter.all),
      permits: () => Effect.succeed(true),
      authorizeRead: () => Effect.void,
      authorize: () => Effect.void
    }))
}

const ruleOf = ({ name, rules }: AccessPolicy, { rule }: Decision): Payload<typeof PolicyEvents.Violation>["rule"] =>
  rule === null ? null : {
    policy: name === "configured" ? "access_policy" : "default",
    index: rule,
    description: rules[rule]?.description ?? null
  }

/** What a denial says of the HTTP request; asked only then. */
const request = Effect.map(
  Effect.serviceOption(HttpServerRequest.HttpServerRequest),
  Option.match({
    onNone: () => ({ method: null, path: null }),
    onSome: ({ method, url }) => ({ method, path: url.split("?")[0] ?? null })
  })
)

const make = Effect.fn("AccessControl.make")(function*(currentPolicy: () => AccessPolicy) {
  const hub = yield* EventHub

  const recordDenial = Effect.fnUntraced(function*(action: Action, resource: AccessResource, decision: Decision) {
    const recording = yield* CurrentRecording
    const payload = {
      kind: "access",
      reason: new AccessDenied({ action, resource: qualifiedId(resource) }).message,
      ...yield* request,
      action,
      resource: qualifiedId(resource),
      rule: ruleOf(currentPolicy(), decision)
    } as const
    if (recording !== undefined) {
      recording.emit(PolicyEvents.Violation, payload, { causationId: recording.origin })
    } else {
      yield* hub.publish(PolicyEvents.stream, [yield* Draft.make(PolicyEvents.Violation, payload)])
    }
  })

  const decisionOn = (action: Action, resource: AccessResource) =>
    Effect.map(
      CurrentPrincipal,
      (principal) =>
        isSystem(principal) ? { permitted: true, rule: null } : decide(currentPolicy(), principal, action, resource)
    )
  const permits = (action: Action, resource: AccessResource) =>
    Effect.map(decisionOn(action, resource), ({ permitted }) => permitted)

  return AccessControl.of({
    isOpen: false,
    filter: (action, type) =>
      Effect.map(
        CurrentPrincipal,
        (principal) => isSystem(principal) ? RowFilter.all : AccessFilter.make(currentPolicy(), principal, action, type)
      ),
    permits,
    authorizeRead: Effect.fnUntraced(function*(resource, hidden) {
      const decision = yield* decisionOn("read", resource)
      if (decision.permitted) return
      yield* recordDenial("read", resource, decision)
      return yield* Effect.fail(hidden())
    }),
    authorize: Effect.fnUntraced(function*(action, resource, hidden) {
      const decision = yield* decisionOn(action, resource)
      if (decision.permitted) return
      yield* recordDenial(action, resource, decision)
      return yield* (yield* permits("read", resource))
        ? new AccessDenied({ action, resource: qualifiedId(resource) })
        : Effect.fail(hidden())
    })
  })
})
