/** What every adapter must do with conditions on rows: give those that fit, all of them, in full pages. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { EventLog } from "../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../src/events/log/ProjectionTables.ts"
import * as Projection from "../../src/events/projections/Projection.ts"
import type { RowFilter } from "../../src/events/projections/RowFilter.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import * as Event from "../../src/events/types/Event.ts"
import { Principal } from "../../src/events/types/Principal.ts"
import * as AccessFilter from "../../src/kernel/access/AccessFilter.ts"
import * as AccessPolicy from "../../src/kernel/access/AccessPolicy.ts"
import * as Worlds from "./AccessWorlds.ts"
import { draft } from "./EventDrafts.ts"
import type { Adapter } from "./storeContract.ts"

const Thing = Schema.Struct({ id: Schema.String, owner: Schema.NullOr(Principal) })

const Made = Event.define("thing:made", { durability: "state", description: "A thing was made.", payload: Thing })

const thingOf = (event: RecordedEvent) => payloadOf(event) as unknown as typeof Thing.Type

const things = Projection.make<typeof Thing.Type>({
  name: "things",
  version: 1,
  description: "Things, and whose they are.",
  events: [Made],
  streams: () => true,
  document: Thing,
  key: (event) => thingOf(event).id,
  index: {
    owner: ({ owner }) => AccessFilter.ownerColumns.owner(owner),
    owner_attributes: ({ owner }) => AccessFilter.ownerColumns.owner_attributes(owner)
  },
  evolve: (_, event) => thingOf(event)
})

const Given = Schema.Struct({
  rules: Worlds.Rules,
  principal: Worlds.Asking,
  owners: Schema.Array(Worlds.Asking).check(Schema.isMinLength(1), Schema.isMaxLength(9)),
  limit: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4 }))
})

const ids = Worlds.Id.literals

/** Each id once, its owner one of those given. */
const made = (owners: ReadonlyArray<typeof Worlds.Asking.Type>) =>
  ids.map((id, index) => ({ id, owner: owners[index % owners.length] ?? null }))

const rowsOf = Effect.fnUntraced(function*(filter: RowFilter, limit: number) {
  const tables = yield* ProjectionTables
  const pages: Array<ReadonlyArray<string>> = []
  let after = 0
  while (true) {
    const rows = yield* tables.list(things, { after, limit, filter })
    pages.push(rows.map(({ key }) => key))
    if (rows.length < limit) return pages
    after = rows.at(-1)!.position
  }
})

export const rowFilterContract = ({ database, name }: Adapter) => {
  describe(`${name} lists what a filter lets through`, () => {
    it.effect.prop(
      "as it is meant, in full pages, whatever the rules and names",
      {
        worlds: Schema.Array(Given).check(Schema.isMinLength(20), Schema.isMaxLength(20)),
        owners: Given.fields.owners
      },
      ({ owners, worlds }) =>
        Effect.gen(function*() {
          const { open } = yield* database
          yield* Effect.gen(function*() {
            const all = made(owners)
            const events = all.map((thing) => draft({ type: Made.type, payload: JSON.stringify(thing) }))
            yield* (yield* EventLog).commit([{ stream: "things", expectedVersion: "any", events }])
            for (const { limit, principal, rules } of worlds) {
              for (const type of Worlds.Type.literals) {
                const policy = AccessPolicy.compile(Worlds.toRules(rules))
                const filter = AccessFilter.make(policy, principal, "read", type)
                const pages = yield* rowsOf(filter, limit)
                assert.deepStrictEqual(
                  pages.flat(),
                  all.filter((thing) => AccessFilter.permits(filter, thing)).map(({ id }) => id),
                  JSON.stringify({ filter, limit })
                )
                assert.isTrue(pages.slice(0, -1).every((page) => page.length === limit))
              }
            }
          }).pipe(Effect.provide(open([things])))
        }).pipe(Effect.scoped),
      { arbitrary: { runs: 8 } }
    )
  })
}
