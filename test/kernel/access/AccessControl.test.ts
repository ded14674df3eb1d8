/** What registries and stores ask: whether it may be, which rows, and what is told when it may not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as RowFilter from "../../../src/events/projections/RowFilter.ts"
import type { Principal } from "../../../src/events/types/Principal.ts"
import { CurrentPrincipal } from "../../../src/events/types/Principal.ts"
import { systemPrincipal } from "../../../src/events/types/SystemPrincipal.ts"
import { AccessControl } from "../../../src/kernel/access/AccessControl.ts"
import type { AccessRule } from "../../../src/kernel/access/AccessPolicy.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import type { AccessResource } from "../../../src/kernel/access/AccessResource.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const alice: Principal = { id: "alice", attributes: {} }
const bob: Principal = { id: "bob", attributes: {} }
const session: AccessResource = { type: "session", id: "s", owner: alice }

const rules: ReadonlyArray<AccessRule> = [
  { forbid: { actions: "delete" }, description: "nothing is deleted" },
  { permit: { actions: ["create", "read", "update"] }, when: "user is owner" },
  { permit: { actions: "read", principal: "bob" } }
]

const under = (policy: AccessPolicy.AccessPolicy) =>
  AccessControl.layer(() => policy).pipe(Layer.provideMerge(MemoryHub.layer))
const layer = under(AccessPolicy.compile(rules))

const as = (principal: Principal | null) => Effect.provideService(CurrentPrincipal, principal)
const hidden = () => "hidden" as const
const violations = MemoryHub.told({ types: ["policy:violation"] })

const denial = (action: string, rule: unknown) => ["policy:violation", {
  kind: "access",
  reason: `You may not ${action} session::s. Who runs this server can permit it: server.auth.access_policy.`,
  method: null,
  path: null,
  action,
  resource: "session::s",
  rule
}]

describe("AccessControl", () => {
  it.effect("lets be done what the rules permit, and tells of nothing", () =>
    Effect.gen(function*() {
      const access = yield* AccessControl
      yield* access.authorizeRead(session, hidden).pipe(as(alice))
      yield* access.authorizeRead(session, hidden).pipe(as(bob))
      yield* access.authorize("update", session, hidden).pipe(as(alice))
      assert.isTrue(yield* access.permits("create", session).pipe(as(alice)))
      assert.isFalse(yield* access.permits("update", session).pipe(as(bob)))
      assert.deepStrictEqual(yield* violations, [])
    }).pipe(Effect.provide(layer)))

  it.effect("hides what may not be read, and denies openly what may", () =>
    Effect.gen(function*() {
      const access = yield* AccessControl
      assert.strictEqual(yield* Effect.flip(access.authorizeRead(session, hidden)), "hidden")
      assert.strictEqual(yield* Effect.flip(access.authorize("update", session, hidden)), "hidden")
      const denied = yield* Effect.flip(access.authorize("update", session, hidden).pipe(as(bob)))
      assert.deepInclude(denied, { _tag: "AccessDenied", action: "update", resource: "session::s" })
    }).pipe(Effect.provide(layer)))

  it.effect("tells of a denial who, what, and by which rule", () =>
    Effect.gen(function*() {
      const access = yield* AccessControl
      yield* Effect.ignore(access.authorizeRead(session, hidden))
      yield* Effect.ignore(access.authorize("update", session, hidden).pipe(as(bob)))
      yield* Effect.ignore(access.authorize("delete", session, hidden).pipe(as(alice)))
      assert.deepStrictEqual<unknown>(yield* violations, [
        denial("read", null),
        denial("update", null),
        denial("delete", { policy: "access_policy", index: 0, description: "nothing is deleted" })
      ])
      const events = yield* MemoryHub.events({ types: ["policy:violation"] })
      assert.deepStrictEqual(events.map(({ principal, stream }) => [principal, stream]), [
        [null, "policy"],
        ["bob", "policy"],
        ["alice", "policy"]
      ])
    }).pipe(Effect.provide(layer)))

  it.effect("names the rules that hold where none are configured", () =>
    Effect.gen(function*() {
      const access = yield* AccessControl
      yield* Effect.ignore(access.authorizeRead({ type: "events", id: "all", owner: null }, hidden).pipe(as(bob)))
      const [violation] = yield* violations
      assert.deepInclude(Object(violation?.[1]), {
        resource: "events::all",
        rule: { policy: "default", index: 0, description: "The whole log needs a rule of its own." }
      })
    }).pipe(Effect.provide(under(AccessPolicy.owners))))

  it.effect("gives the rows of whom it works for", () =>
    Effect.gen(function*() {
      const access = yield* AccessControl
      const rows = (principal: Principal | null) => access.filter("read", "session").pipe(as(principal))
      assert.deepStrictEqual(yield* rows(alice), { _tag: "Equals", column: "owner", value: "alice" })
      assert.strictEqual(yield* rows(bob), RowFilter.all)
      assert.strictEqual(yield* rows(null), RowFilter.none)
    }).pipe(Effect.provide(layer)))

  it.effect("is open for what Strata does of itself, and for nobody who is called so", () =>
    Effect.gen(function*() {
      const access = yield* AccessControl
      yield* access.authorize("delete", session, hidden).pipe(as(systemPrincipal))
      assert.isTrue(yield* access.permits("delete", session).pipe(as(systemPrincipal)))
      assert.strictEqual(yield* access.filter("delete", "session").pipe(as(systemPrincipal)), RowFilter.all)
      const impostor = { ...systemPrincipal }
      assert.isFalse(yield* access.permits("delete", session).pipe(as(impostor)))
      assert.strictEqual(yield* access.filter("delete", "session").pipe(as(impostor)), RowFilter.none)
    }).pipe(Effect.provide(layer)))

  it.effect("is open where the rules in force permit everything, and not where they may change", () =>
    Effect.gen(function*() {
      const isOpen = (policy: Parameters<typeof AccessControl.layer>[0]) =>
        Effect.provide(Effect.map(AccessControl, (access) => access.isOpen), AccessControl.layer(policy))
      assert.isTrue(yield* isOpen(AccessPolicy.open))
      assert.isFalse(yield* isOpen(AccessPolicy.owners))
      assert.isFalse(yield* isOpen(() => AccessPolicy.open))
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("is open for who works without a server", () =>
    Effect.gen(function*() {
      const access = yield* AccessControl
      yield* access.authorizeRead(session, hidden)
      yield* access.authorize("delete", session, hidden)
      assert.isTrue(yield* access.permits("delete", session))
      assert.strictEqual(yield* access.filter("read", "session"), RowFilter.all)
    }).pipe(Effect.provide(AccessControl.open)))
})
