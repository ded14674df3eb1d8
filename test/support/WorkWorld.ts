/** Durable work over a log, with an engine of its own: as one server has it, in memory or in files. */
import { Effect, Layer } from "effect"
import { join } from "node:path"
import { apis } from "../../src/apis/Apis.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import * as SqliteClient from "../../src/kernel/work/SqliteClient.ts"
import { Work } from "../../src/kernel/work/Work.ts"
import { WorkDatabase } from "../../src/kernel/work/WorkDatabase.ts"
import * as MemoryHub from "./MemoryHub.ts"

const database = (file: string) =>
  Layer.succeed(WorkDatabase, { works: true, shared: false, client: Effect.sync(() => SqliteClient.layer(file)) })

export const inMemory = Work.layer.pipe(Layer.provideMerge(MemoryHub.layer), Layer.provide(database(":memory:")))

/** What stands in the folder is there again the next time. */
export const inFolder = (folder: string) =>
  Work.layer.pipe(
    Layer.provideMerge(EventHub.layer()),
    Layer.provideMerge(SqliteStore.layer({ folder, access: "write", projections: apis.projections })),
    Layer.provide(apis.catalog.upcasting),
    Layer.provide(database(join(folder, "work.db")))
  )
