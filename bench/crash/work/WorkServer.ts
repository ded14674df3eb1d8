/** A server's part in durable work, as a process that is killed: it submits what it reads, and does what there is. */
import { Effect, Layer, Logger, Redacted } from "effect"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as PostgresWorkClient from "../../../src/events/postgres/PostgresWorkClient.ts"
import * as SqliteClient from "../../../src/kernel/work/SqliteClient.ts"
import { Work } from "../../../src/kernel/work/Work.ts"
import { WorkSettings } from "../../../src/kernel/work/WorkConfiguration.ts"
import { WorkDatabase } from "../../../src/kernel/work/WorkDatabase.ts"
import { WorkProjection } from "../../../src/kernel/work/WorkProjection.ts"
import { type Place, storeOf } from "../Stores.ts"
import { Piece, streamOf } from "./PieceKind.ts"

export interface ServerTask {
  readonly place: Place
  readonly vendor: string
  readonly concurrency: number
}

/** What it says on its output, a line each. */
export type ServerMessage = { readonly at: "ready" } | { readonly acknowledged: string }

const say = (message: ServerMessage) => Effect.sync(() => void process.stdout.write(`${JSON.stringify(message)}\n`))

const database = (place: Place) =>
  Layer.succeed(WorkDatabase, {
    works: true,
    shared: place.log === "postgres",
    client: Effect.sync(() =>
      place.log === "sqlite"
        ? SqliteClient.layer(join(place.folder, "work.db"))
        : PostgresWorkClient.layer({ url: Redacted.make(place.url), logSchema: place.schema })
    )
  })

const world = ({ concurrency, place }: ServerTask) =>
  Work.layer.pipe(
    Layer.provideMerge(EventHub.layer()),
    Layer.provideMerge(storeOf(place, [WorkProjection])),
    Layer.provide([
      database(place),
      Layer.succeed(WorkSettings, {
        max_concurrency: concurrency,
        max_concurrent_requests_per_batch: concurrency,
        min_vendor_batch_poll_seconds: 1,
        max_vendor_batch_poll_seconds: 1
      })
    ]),
    Layer.provide(Logger.layer([]))
  )

const main = (task: ServerTask) =>
  Effect.gen(function*() {
    const work = yield* Work
    yield* work.register(Piece, ({ workId }) => Effect.promise(() => fetch(`${task.vendor}/${workId}`)))
    yield* work.start
    yield* say({ at: "ready" })
    const context = yield* Effect.context<never>()
    createInterface({ input: process.stdin }).on("line", (line) => {
      const [workId = "", round = "0"] = line.split(" ")
      const submitted = work.submit({ kind: Piece, workId, stream: streamOf(workId), input: { round: Number(round) } })
      Effect.runForkWith(context)(Effect.andThen(submitted, say({ acknowledged: workId })))
    })
    return yield* Effect.never
  }).pipe(Effect.provide(world(task)))

if (import.meta.main) Effect.runFork(main(JSON.parse(process.argv[2] ?? "{}")))
