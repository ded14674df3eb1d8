/** Which events somebody may read: asked of each, by the session it stands in, with few looks at the sessions' table. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import type { EventDraft } from "../../../src/events/types/Envelope.ts"
import type { Principal } from "../../../src/events/types/Principal.ts"
import { CurrentPrincipal } from "../../../src/events/types/Principal.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import { AccessControl } from "../../../src/kernel/access/AccessControl.ts"
import type { AccessRule } from "../../../src/kernel/access/AccessPolicy.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import type { Asked } from "../../../src/kernel/sessions/ReadableEvents.ts"
import * as ReadableEvents from "../../../src/kernel/sessions/ReadableEvents.ts"
import { Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const alice: Principal = { id: "alice", attributes: { teams: ["red"] } }
const bob: Principal = { id: "bob", attributes: { teams: ["red"] } }

const started = (sessionId: string, owner?: Principal): EventDraft =>
  draft({
    type: Started.type,
    sessionId,
    payload: JSON.stringify({ session_id: sessionId, opened_by: "client", ...owner === undefined ? {} : { owner } })
  })

const happened = (sessionId: string | null) => draft({ type: "test:happened", sessionId })

/** What stands in the log, by name; a session whose beginning is not there has no known owner. */
const log: Readonly<Record<string, readonly [stream: string, event: EventDraft]>> = {
  "alice begins": [streamOf("a"), started("a", alice)],
  "alice": [streamOf("a"), happened("a")],
  "bob begins": [streamOf("b"), started("b", bob)],
  "bob": [streamOf("b"), happened("b")],
  "nobody begins": [streamOf("n"), started("n")],
  "nobody": [streamOf("n"), happened("n")],
  "unknown": [streamOf("u"), happened("u")],
  "of the kernel": ["providers", happened(null)],
  "of a session's stream alone": [streamOf("a"), happened(null)],
  "of bob's session in alice's stream": [streamOf("a"), happened("b")]
}
const names = Object.keys(log)

const own: AccessRule = { permit: { actions: "read" }, when: "user is owner" }
const unowned: AccessRule = { permit: { actions: "read" }, when: "resource is unowned" }
const alices = ["alice begins", "alice", "of a session's stream alone"]
const nobodys = ["nobody begins", "nobody"]

const rows: ReadonlyArray<{
  readonly name: string
  readonly rules: ReadonlyArray<AccessRule> | AccessPolicy.AccessPolicy
  readonly asked?: Partial<Asked>
  readonly principal?: Principal | null
  /** Undefined: it is refused. */
  readonly seen: ReadonlyArray<string> | undefined
}> = [
  { name: "everything, without rules", rules: AccessPolicy.open, asked: {}, seen: names },
  {
    name: "everything, by a rule",
    rules: [{ permit: { actions: "read", resource: "events::all" } }],
    asked: {},
    seen: names
  },
  { name: "one's own", rules: [own], seen: alices },
  { name: "one's own and nobody's", rules: AccessPolicy.owners, seen: [...alices, ...nobodys] },
  {
    name: "those of who shares a team",
    rules: [{ permit: { actions: "read", resource: "session::*" }, when: "user in owners teams" }],
    seen: [
      "alice begins",
      "alice",
      "bob begins",
      "bob",
      "of a session's stream alone",
      "of bob's session in alice's stream"
    ]
  },
  {
    name: "every session, where its owner is not known too, and nothing that is the kernel's",
    rules: [{ permit: { actions: "read", resource: "session::*" } }],
    seen: names.filter((name) => name !== "of the kernel")
  },
  {
    name: "all but some",
    rules: [{ forbid: { actions: "read", resource: "session::b" } }, {
      permit: { actions: "read", resource: "session::*" }
    }],
    seen: [...alices, ...nobodys, "unknown"]
  },
  { name: "nothing, without a session", rules: AccessPolicy.owners, asked: { follow: true }, seen: undefined },
  { name: "nothing, by a rule for what is nobody's", rules: [own, unowned], asked: { follow: true }, seen: undefined },
  { name: "nothing of who is nobody", rules: [own], principal: null, seen: undefined },
  { name: "nothing of another's, now", rules: [own], asked: { sessionId: "b", follow: false }, seen: undefined },
  {
    name: "nothing of what is not there, now",
    rules: [own],
    asked: { sessionId: "x", follow: false },
    seen: undefined
  },
  {
    name: "nothing that no session of this name could give",
    rules: [{ permit: { actions: "read", resource: "session::a" }, when: "user is owner" }],
    asked: { sessionId: "b", follow: true },
    seen: undefined
  }
]

const under = (rules: (typeof rows)[number]["rules"]) =>
  AccessControl.layer(() => "rules" in rules ? rules : AccessPolicy.compile(rules)).pipe(
    Layer.provideMerge(MemoryHub.layer)
  )

const as = (principal: Principal | null) => Effect.provideService(CurrentPrincipal, principal)

const fill = Effect.gen(function*() {
  const hub = yield* EventHub
  for (const [stream, event] of Object.values(log)) yield* hub.append(stream, "any", [event])
})

/** The names of those of all events that are let through, whatever the request would have left of them. */
const seen = Effect.fnUntraced(function*(asked: Partial<Asked>, principal: Principal | null) {
  const open = yield* ReadableEvents.make
  const readable = yield* open({ follow: true, sessionId: undefined, stream: undefined, ...asked }).pipe(as(principal))
  const events = yield* EventHub.use((hub) => hub.read({ after: 0, limit: names.length }))
  // As the server sends it: outside of what the request's fiber held.
  const all = yield* Stream.runCollect(readable(Stream.fromIterable(events)))
  return all.map(({ position }) => names[position - 1])
})

describe("ReadableEvents", () => {
  it.effect.each(rows)(
    "gives $name",
    ({ asked = { sessionId: "a" }, principal = alice, rules, seen: expected }) =>
      Effect.gen(function*() {
        yield* fill
        const found = yield* Effect.option(seen(asked, principal))
        if (expected === undefined) return assert.strictEqual(found._tag, "None")
        assert.sameMembers(Option.getOrThrow(found), [...expected])
      }).pipe(Effect.provide(under(rules)))
  )

  it.effect("tells of what is withheld, once for each session", () =>
    Effect.gen(function*() {
      yield* fill
      yield* seen({ sessionId: "a" }, alice)
      const denials = yield* MemoryHub.events({ types: ["policy:violation"] })
      assert.deepStrictEqual(denials.map(({ payload, principal }) => [JSON.parse(payload).resource, principal]), [
        ["session::b", "alice"],
        ["session::n", "alice"],
        ["session::u", "alice"]
      ])
    }).pipe(Effect.provide(under([own]))))
})

const lookups: ReadonlyArray<{
  readonly name: string
  readonly rules: (typeof rows)[number]["rules"]
  readonly events: number
  readonly looks: number
}> = [
  { name: "without rules: none", rules: AccessPolicy.open, events: 1000, looks: 0 },
  { name: "by a rule for all: none", rules: [{ permit: { actions: "read" } }], events: 1000, looks: 0 },
  { name: "of a session that is known: one", rules: [own], events: 1000, looks: 1 },
  { name: "of no event: none", rules: [own], events: 0, looks: 0 }
]

describe("looks at the sessions' table", () => {
  it.effect.each(lookups)("$name", ({ events, looks, rules }) =>
    Effect.gen(function*() {
      yield* EventHub.use((hub) => hub.append(streamOf("a"), "any", [started("a", alice)]))
      let counted = 0
      const tables = yield* ProjectionTables
      const counting = ProjectionTables.of({
        ...tables,
        get: (projection, tenant, key) => {
          counted++
          return tables.get(projection, tenant, key)
        }
      })
      const open = yield* Effect.provideService(ReadableEvents.make, ProjectionTables, counting)
      const readable = yield* open({ sessionId: "a", stream: undefined, follow: true }).pipe(as(alice))
      const [event] = yield* EventHub.use((hub) => hub.read({ after: 0, limit: 1 }))
      const all = yield* Stream.runCollect(readable(Stream.fromIterable(Array.from({ length: events }, () => event!))))
      assert.deepStrictEqual([all.length, counted], [events, looks])
    }).pipe(Effect.provide(under(rules))))
})
