/** A log that holds every version there ever was reads as if all of it were written today. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as Event from "../../../src/events/types/Event.ts"
import * as Upcasting from "../../../src/events/types/Upcasting.ts"
import { draft } from "../../support/EventDrafts.ts"
import { inOrder, recorded } from "../../support/RecordedEvents.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

/** Version 1 had `who` as one text; version 2 called it `name`; version 3 splits it, and counts guests. */
const V1 = Schema.Struct({ who: Schema.String })
const V2 = Schema.Struct({ name: Schema.String, guests: Schema.Int })
const Arrived = Event.define("visit:arrived", {
  durability: "state",
  description: "Somebody arrived.",
  version: 3,
  payload: Schema.Struct({ first_name: Schema.String, last_name: Schema.NullOr(Schema.String), guests: Schema.Int }),
  upcasters: {
    1: (payload) => {
      const { who } = Schema.decodeUnknownSync(V1)(payload)
      return { name: who, guests: 0 }
    },
    2: (payload) => {
      const { guests, name } = Schema.decodeUnknownSync(V2)(payload)
      const [first_name = "", ...rest] = name.split(" ")
      return { first_name, last_name: rest.length === 0 ? null : rest.join(" "), guests }
    }
  }
})
const Left = Event.define("visit:left", {
  durability: "state",
  description: "Somebody left.",
  payload: Schema.Struct({ first_name: Schema.String })
})

const lift = Upcasting.make([Arrived, Left])

let count = 0
/** An event as a version stored it. */
const stored = (schemaVersion: number, payload: Schema.Json, type: string = Arrived.type) =>
  draft({ id: `event-${++count}`, type, schemaVersion, payload: JSON.stringify(payload) })

const history = [
  stored(1, { who: "Ada" }),
  stored(2, { name: "Grace Brewster Hopper", guests: 2 }),
  stored(1, { first_name: "Ada" }, Left.type),
  stored(3, { first_name: "Alan", last_name: "Turing", guests: 1 }),
  stored(1, { who: "Mary Shelley" }),
  stored(7, { shape: "unheard of" }),
  stored(1, { shape: "unknown" }, "visit:unknown")
]

const readBack = Effect.gen(function*() {
  const log = yield* EventLog
  yield* log.commit([{ stream: "visits", expectedVersion: "none", events: history }])
  return yield* log.read({ after: 0, limit: 100 })
}).pipe(Effect.provide(Layer.fresh(MemoryStore.layer)))

describe("Upcasting", () => {
  it.effect("lifts every version in a log to the current one, and leaves envelope and order alone", () =>
    Effect.gen(function*() {
      const events = yield* readBack
      const lifted = events.map(lift)
      assert.deepStrictEqual(lifted.slice(0, 5).map((event) => [event.schemaVersion, payloadOf(event)]), [
        [3, { first_name: "Ada", last_name: null, guests: 0 }],
        [3, { first_name: "Grace", last_name: "Brewster Hopper", guests: 2 }],
        [1, { first_name: "Ada" }],
        [3, { first_name: "Alan", last_name: "Turing", guests: 1 }],
        [3, { first_name: "Mary", last_name: "Shelley", guests: 0 }]
      ])
      const arrivals = lifted.slice(0, 5).filter(({ type }) => type === Arrived.type)
      const decode = Schema.decodeUnknownEffect(Arrived.payload)
      yield* Effect.forEach(arrivals, (event) => decode(payloadOf(event)))
      const envelope = (event: RecordedEvent) => ({ ...event, payload: "", schemaVersion: 0 })
      assert.deepStrictEqual(lifted.map(envelope), events.map(envelope))
    }))

  it.effect("hands back the same object where there is nothing to lift: current, newer, unknown", () =>
    Effect.gen(function*() {
      const events = yield* readBack
      for (const position of [3, 4, 6, 7]) {
        const event = events[position - 1]!
        assert.strictEqual(lift(event), event)
      }
    }))

  it("leaves an event alone whose payload was pruned", () => {
    const event = { ...recorded(Arrived), schemaVersion: 1, payload: "null", prunedAt: 1_763_683_200_000 }
    assert.strictEqual(lift(event), event)
  })

  it("never parses an event of the current version", () => {
    const event = recorded(Arrived)
    const broken = { ...event, payload: "not JSON" }
    assert.strictEqual(lift(broken), broken)
  })

  it("gives the same at every read, also of what it has lifted", () => {
    const [event] = inOrder([{ ...recorded(Arrived, { payload: { who: "Ada Lovelace" } }), schemaVersion: 1 }])
    const once = lift(event!)
    assert.deepStrictEqual(lift(event!), once)
    assert.strictEqual(lift(once), once)
  })

  const broken: ReadonlyArray<readonly [version: number, payload: string, says: RegExp]> = [
    [
      1,
      "{\"who\":5}",
      /^visit:arrived at position 12 can't be lifted: the upcaster from version 1 to 2 failed: .*who/s
    ],
    [2, "{\"name\":null}", /^visit:arrived at position 12 .* from version 2 to 3 failed/s]
  ]
  it.effect.each(broken)(
    "dies of an upcaster that throws at version %i, and names the event",
    ([version, payload, says]) =>
      Effect.gen(function*() {
        const event = { ...recorded(Arrived), position: 12, schemaVersion: version, payload }
        const cause = yield* Effect.succeed(event).pipe(Effect.map(lift), Effect.sandbox, Effect.flip)
        const [reason] = cause.reasons
        assert.strictEqual(reason?._tag, "Die")
        const defect = reason?._tag === "Die" ? reason.defect : undefined
        assert.instanceOf(defect, Upcasting.UpcasterDefect)
        assert.deepInclude(defect, { type: Arrived.type, version, position: 12 })
        assert.match(String((defect as Error).message), says)
      })
  )

  const stores = [
    ["memory", Effect.succeed(Layer.fresh(MemoryStore.layer))],
    ["SQLite", Effect.map(TemporaryFolder.make, (folder) => SqliteStore.layer({ folder, access: "write" }))]
  ] as const
  it.live.each(stores)("lifts what the hub reads and follows, over %s", ([, store]) =>
    Effect.gen(function*() {
      const layer = EventHub.layer().pipe(
        Layer.provide(yield* store),
        Layer.provide(Layer.succeed(Upcasting.EventUpcasting, lift))
      )
      const hub = Context.get(yield* Layer.build(layer), EventHub)
      yield* hub.append("visits", "none", history)
      const read = yield* hub.read({ after: 0, limit: 100 })
      const followed = yield* hub.follow({}).pipe(Stream.take(history.length), Stream.runCollect)
      assert.deepStrictEqual(read.map(({ schemaVersion }) => schemaVersion), [3, 3, 1, 3, 3, 7, 1])
      assert.deepStrictEqual(followed, read)
    }))

  it.effect("is not there where nobody provides it", () =>
    Effect.gen(function*() {
      const event = recorded(Arrived, { schemaVersion: 1 })
      assert.strictEqual((yield* Upcasting.EventUpcasting)(event), event)
    }))
})
