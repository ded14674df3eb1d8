/** However many change a registry at the same time, its table is the fold of its stream, and all see the same. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import type { ModelAttributes } from "../../../src/apis/models/ModelsKind.ts"
import { ModelsKind } from "../../../src/apis/models/ModelsKind.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import * as ResourceLog from "../../../src/kernel/resources/ResourceLog.ts"
import * as ResourceTable from "../../../src/kernel/resources/ResourceTable.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { resource } from "../../support/Models.ts"
import * as Postgres from "../../support/Postgres.ts"
import { turns } from "../../support/SlowEventLog.ts"

type Log = Effect.Success<ReturnType<typeof ResourceLog.make<ModelAttributes>>>

const Step = Schema.Struct({
  writer: Schema.Literals([0, 1]),
  id: Schema.Literals(["a", "b", "c"]),
  does: Schema.Literals(["register", "unregister"]),
  pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 }))
})

/** Registers what is not there, or takes back what is: decided by the table as it is then. */
const take = (log: Log, { does, id }: typeof Step.Type) =>
  log.change((table) => {
    const there = table.get(`p/${id}`) !== undefined
    return Effect.succeed({
      registered: does === "register" && !there ? [resource("p", id)] : [],
      unregistered: does === "unregister" && there ? [`p/${id}`] : []
    })
  })

const listOf = (log: Log) => Effect.map(log.latest, ({ list }) => list)

describe("ResourceLog", () => {
  it.effect.prop(
    "gives every change once, in one order, and the same table to all",
    { steps: Schema.Array(Step).check(Schema.isMinLength(1), Schema.isMaxLength(12)) },
    ({ steps }) =>
      Effect.gen(function*() {
        const logs = [yield* ResourceLog.make(ModelsKind), yield* ResourceLog.make(ModelsKind)]
        yield* Effect.forEach(steps, (step) => Effect.andThen(turns(step.pause), take(logs[step.writer]!, step)), {
          concurrency: "unbounded",
          discard: true
        })
        const events = yield* readAll(yield* EventHub, { stream: ModelsKind.stream })
        // What was registered was not there, what was unregistered was: nobody decided on an old table.
        const there = new Set<string>()
        for (const event of events) {
          const key = ModelsKind.keyOf(event)
          assert.strictEqual(event.type === ModelsKind.registered.type, !there.has(key))
          if (!there.delete(key)) there.add(key)
        }
        const folded = ResourceTable.evolve(ModelsKind, ResourceTable.empty, events).list
        const rows = yield* (yield* ProjectionTables).list(ModelsKind.projection, { limit: 100 })
        for (const log of [...logs, yield* ResourceLog.make(ModelsKind)]) {
          assert.deepStrictEqual(yield* listOf(log), folded)
        }
        assert.sameDeepMembers(rows.map(({ document }) => ModelsKind.ofPayload(document)), [...folded])
      }).pipe(Effect.provide(MemoryHub.layer), Effect.scoped)
  )

  it.effect("appends nothing where nothing is to change", () =>
    Effect.gen(function*() {
      const log = yield* ResourceLog.make(ModelsKind)
      yield* log.change(() => Effect.succeed(ResourceTable.nothing))
      assert.deepStrictEqual(yield* MemoryHub.events({ stream: ModelsKind.stream }), [])
    }).pipe(Effect.provide(MemoryHub.layer), Effect.scoped))

  it.live.skipIf(Postgres.unsupported !== undefined)(
    "hears of what another process changes, unasked",
    () =>
      Effect.gen(function*() {
        const schema = yield* Postgres.schema
        const projections = [ModelsKind.projection]
        const store = PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections, poolSize: 4 })
        const process = Effect.gen(function*() {
          const hub = EventHub.layer().pipe(Layer.provideMerge(store))
          const context = yield* Layer.buildWithMemoMap(hub, Layer.makeMemoMapUnsafe(), yield* Effect.scope)
          return yield* Effect.provideContext(ResourceLog.make(ModelsKind), context)
        })
        const [one, other] = [yield* process, yield* process]
        yield* one.change(() => Effect.succeed({ registered: [resource("p", "a")], unregistered: [] }))
        yield* Effect.sleep("5 millis").pipe(
          Effect.map(() => other.current.table),
          Effect.repeat({ until: (table) => table.get("p/a") !== undefined }),
          Effect.timeout("10 seconds")
        )
      })
  )
})
