/**
 * Keeps a registry's table as the log has it, whoever wrote it, and changes it: two processes on one log agree. The
 * registries that the server runs on are those of the default tenant.
 */
import { Effect, Semaphore, Stream, Struct } from "effect"
import type { Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import type { Definition } from "../../events/types/Event.ts"
import { CurrentTenant, defaultTenant } from "../../events/types/Tenant.ts"
import { changeOrigin } from "../system/ChangeOrigin.ts"
import type { ResourceKind } from "./ResourceKind.ts"
import { CurrentResourceKinds } from "./ResourceKinds.ts"
import * as ResourceRows from "./ResourceRows.ts"
import type { Changes } from "./ResourceTable.ts"
import * as ResourceTable from "./ResourceTable.ts"

type Table<A> = ResourceTable.ResourceTable<A>

/** Another process that writes without a pause has the log asked no more often. */
const shortestPause = "20 millis"

const pageSize = 1000

export const make = Effect.fn("ResourceLog.make")(function*<A>(kind: ResourceKind<A>) {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables
  const lock = Semaphore.makeUnsafe(1)
  // Of a kind from outside there is no table with the log: all of its stream is read.
  const kept = (yield* CurrentResourceKinds).isKept(kind)
  // The rows may be younger than this position: to fold what came between once more changes nothing.
  let position = kept ? yield* hub.head : 0
  /** Of the stream, as far as it is known. */
  let version = 0
  const rows = kept
    ? yield* tables.list(kind.projection, { tenant: defaultTenant, limit: Number.MAX_SAFE_INTEGER })
    : []
  const current = { table: ResourceTable.of(yield* ResourceRows.read(kind, rows)) }

  /** Folds what has been appended since the last look. */
  const catchUp: Effect.Effect<Table<A>, EventLogUnavailable> = Effect.gen(function*() {
    while (true) {
      const page = yield* hub.read({ tenant: defaultTenant, stream: kind.stream, after: position, limit: pageSize })
      const fresh = page.filter((event) => event.position > position)
      const last = fresh.at(-1)
      if (last !== undefined) {
        current.table = ResourceTable.evolve(kind, current.table, fresh)
        position = last.position
        version = last.version
      }
      if (page.length < pageSize) return current.table
    }
  })

  const toDrafts = Effect.fnUntraced(function*({ registered, unregistered }: Changes<A>) {
    const origin = yield* changeOrigin
    /** A mask in place of a name would make of several resources one that nobody can ask for. */
    const draft = (definition: Definition, payload: Schema.JsonObject, provider: string | null) =>
      Effect.map(Draft.make(definition, payload, { provider }), (made) => ({
        ...made,
        ...origin,
        payload: JSON.stringify({ ...JSON.parse(made.payload), ...Struct.pick(payload, kind.identity) })
      }))
    return yield* Effect.all([
      ...registered.map((each) => draft(kind.registered, kind.toPayload(each), each.provider_id)),
      ...unregistered.map((identifier) =>
        draft(kind.unregistered, kind.unregistration(identifier), current.table.get(identifier)?.provider_id ?? null)
      )
    ])
  }, Effect.provideService(CurrentTenant, defaultTenant))

  /** Asks what to change of the table as it is now, again where somebody else was faster; gives the table after it. */
  const change = <E>(decide: (table: Table<A>) => Effect.Effect<Changes<A>, E>) =>
    lock.withPermit(Effect.gen(function*(): Effect.fn.Return<Table<A>, E | EventLogUnavailable> {
      while (true) {
        const changes = yield* decide(yield* catchUp)
        if (ResourceTable.isNothing(changes as Changes<never>)) return current.table
        const actual = yield* hub.append(kind.stream, version, yield* toDrafts(changes)).pipe(
          Effect.as(undefined),
          Effect.catchTags({ VersionConflict: ({ actual }) => Effect.succeed(actual), EventIdTaken: Effect.die })
        )
        const before = position
        yield* catchUp
        if (actual === undefined) return current.table
        // Nothing new: the table had it all, and only the stream's version was not known.
        if (position === before) version = actual
      }
    }))

  yield* catchUp
  yield* Stream.runForEach(hub.changes, () =>
    Effect.andThen(
      Effect.catch(catchUp, ({ message }) => Effect.logDebug(message)),
      Effect.sleep(shortestPause)
    )).pipe(Effect.forkScoped)

  return { current, latest: catchUp, change }
})
