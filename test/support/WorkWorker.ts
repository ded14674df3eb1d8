/** A server's part in durable work, as a process that a test kills: it says on its output what it begins. */
import { Effect, Layer, Redacted } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import * as PostgresStore from "../../src/events/postgres/PostgresStore.ts"
import * as PostgresWorkClient from "../../src/events/postgres/PostgresWorkClient.ts"
import { Work } from "../../src/kernel/work/Work.ts"
import { WorkDatabase } from "../../src/kernel/work/WorkDatabase.ts"
import { Poem } from "./Poem.ts"

export const world = (url: Redacted.Redacted, schema: string) =>
  Work.layer.pipe(
    Layer.provideMerge(EventHub.layer()),
    Layer.provideMerge(
      PostgresStore.layer({ url, schema, access: "write", projections: apis.projections, poolSize: 4 })
    ),
    Layer.provide(apis.catalog.upcasting),
    Layer.provide(Layer.succeed(WorkDatabase, {
      works: true,
      shared: true,
      client: Effect.sync(() => PostgresWorkClient.layer({ url, logSchema: schema }))
    }))
  )

const main = ([url = "", schema = "", pause = "0"]: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const work = yield* Work
    yield* work.register(Poem, ({ attempt, workId }) =>
      Effect.sync(() =>
        process.stdout.write(`${workId} ${attempt}\n`)
      ).pipe(
        Effect.andThen(Effect.sleep(Number(pause)))
      ))
    yield* work.start
    return yield* Effect.never
  }).pipe(Effect.provide(world(Redacted.make(url), schema)))

if (import.meta.main) Effect.runFork(main(process.argv.slice(2)))
