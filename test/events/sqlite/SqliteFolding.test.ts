/** Tables that are folded behind the writer: from memory, from the log, and from one after the other. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { DatabaseSync } from "node:sqlite"
import type { Fact } from "../../../src/events/facts/Fact.ts"
import { RecentBodies } from "../../../src/events/facts/RecentBodies.ts"
import { TableDigest } from "../../../src/events/projections/TableDigest.ts"
import { FactShapes } from "../../../src/events/sqlite/FactShapes.ts"
import { SqliteFolding } from "../../../src/events/sqlite/SqliteFolding.ts"
import { SqliteProjections, SqliteProjectionTable } from "../../../src/events/sqlite/SqliteProjections.ts"
import { SqliteReader } from "../../../src/events/sqlite/SqliteReader.ts"
import { migrate } from "../../../src/events/sqlite/SqliteSchema.ts"
import { SqliteWriter } from "../../../src/events/sqlite/SqliteWriter.ts"
import type { EventDraft } from "../../../src/events/types/Envelope.ts"
import { balances, moved, opened } from "../../support/Accounts.ts"
import { ofParts } from "../../support/Facts.ts"

const make = () => {
  const database = new DatabaseSync(":memory:")
  migrate(database)
  const table = new SqliteProjectionTable(database, balances)
  table.create()
  const projections = new SqliteProjections([table])
  const shapes = new FactShapes(database)
  const reader = new SqliteReader(database, shapes)
  const folding = new SqliteFolding(database, projections, reader, (event) => event)
  const writer = new SqliteWriter(database, { folding, reader, shapes, bodies: new RecentBodies() })
  const digest = () => {
    const digest = new TableDigest()
    for (const row of table.rows()) {
      const key = { tenant: String(row["tenant"]), key: String(row["key"]) }
      digest.add(key, Number(row["position"]), String(row["document"]))
    }
    return digest.hex()
  }
  return { digest, folding, reader, table, writer }
}

let requests = 0

const factOf = ({ payload, time, type }: EventDraft): Fact => ({
  ...ofParts({
    kind: "event",
    numbering: "request",
    counter: 1,
    time,
    causationId: null,
    type,
    schemaVersion: 1,
    payload
  }),
  requestId: `0199cccc-0000-7000-8000-${String(++requests).padStart(8, "0")}0000`
})

const Step = Schema.Union([
  Schema.Struct({
    step: Schema.tag("append"),
    events: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 90 }))
  }),
  Schema.Struct({ step: Schema.tag("fold"), slices: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3 })) }),
  Schema.Struct({ step: Schema.tag("forget") })
])

describe("SqliteFolding", () => {
  it.prop("gives the tables that one fold of the whole log gives, whatever it remembers", {
    steps: Schema.Array(Step).check(Schema.isMaxLength(12))
  }, ({ steps }) => {
    const [behind, all] = [make(), make()]
    let count = 0
    const append = (event: EventDraft) => {
      const appended = count++ % 3 === 0 ? event : factOf(event)
      for (const { writer } of [behind, all]) {
        writer.commit([{ stream: "bank", expectedVersion: "any", events: [appended] }])
      }
    }
    append(opened("a", "x"))
    for (const each of steps) {
      if (each.step === "append") { for (let index = 0; index < each.events; index++) append(moved("a", index)) }
      else if (each.step === "forget") behind.folding.forget()
      else for (let slice = 0; slice < each.slices; slice++) behind.folding.fold(behind.reader.head)
    }
    for (const { folding, reader } of [behind, all]) {
      let slices = 0
      while (folding.fold(reader.head)) assert.isBelow(++slices, 1000)
      assert.strictEqual(folding.position, reader.head)
    }
    assert.strictEqual(behind.digest(), all.digest())
  })

  it.effect("goes back to memory once it has read what memory lacks", () =>
    Effect.sync(() => {
      const { folding, reader, writer } = make()
      const append = () => writer.commit([{ stream: "bank", expectedVersion: "any", events: [factOf(moved("a", 1))] }])
      for (let index = 0; index < 200; index++) append()
      folding.forget()
      for (let index = 0; index < 10; index++) append()
      while (folding.fold(reader.head));
      let reads = 0
      const { read } = reader
      reader.read = (options) => {
        reads++
        return read.call(reader, options)
      }
      for (let round = 0; round < 5; round++) {
        append()
        assert.isFalse(folding.fold(reader.head))
      }
      assert.strictEqual(reads, 0)
    }))

  it.effect("stores a row once that changes in many slices, and many rows in several transactions", () =>
    Effect.sync(() => {
      const { folding, reader, table, writer } = make()
      const put = table.put.bind(table)
      let stored = 0
      table.put = (row, isNew) => {
        stored++
        put(row, isNew)
      }
      const append = (event: EventDraft) => {
        writer.commit([{ stream: "bank", expectedVersion: "any", events: [event] }])
      }
      append(opened("a", "x"))
      for (let index = 1; index < 1000; index++) append(moved("a", index))
      let slices = 1
      while (folding.fold(reader.head)) slices++
      assert.deepStrictEqual([slices, stored, folding.position], [4, 1, reader.head])

      for (let index = 0; index < 2000; index++) append(opened(`b${index}`, "x"))
      const positions = new Set<number>()
      do positions.add(folding.position)
      while (folding.fold(reader.head))
      assert.deepStrictEqual([stored, positions.size, folding.position], [2001, 4, reader.head])
    }))

  it.effect("stores a row that says it is new, where one of its key or of its position is there", () =>
    Effect.sync(() => {
      const { table } = make()
      const row = (key: string, position: number, balance: number) => ({
        tenant: "",
        key,
        position,
        document: { owner: "x", balance, moves: 0 }
      })
      const stored = () => [...table.rows()].map(({ document, key, position }) => [key, position, document])
      table.put(row("a", 1, 0), true)
      table.put(row("a", 2, 1), true)
      table.put(row("b", 2, 2), true)
      assert.deepStrictEqual(stored(), [["b", 2, JSON.stringify(row("b", 2, 2).document)]])
    }))

  it.effect("says when as many rows wait as are stored at once", () =>
    Effect.gen(function*() {
      const { folding, reader, writer } = make()
      folding.fold(reader.head)
      const full = yield* Effect.forkChild(folding.whenFull, { startImmediately: true })
      const append = (index: number) =>
        writer.commit([{ stream: "bank", expectedVersion: "any", events: [opened(`b${index}`, "x")] }])
      append(0)
      folding.fold(reader.head)
      for (let index = 1; index < 512; index++) append(index)
      assert.isUndefined(full.pollUnsafe())
      append(512)
      yield* Fiber.join(full)
      yield* folding.whenFull
      folding.fold(reader.head)
      assert.strictEqual(folding.position, reader.head)
    }))
})
