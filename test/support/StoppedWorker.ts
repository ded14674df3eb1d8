/** A server's part in durable work, as a process that is stopped in the middle of it and goes on: it says what it could write. */
import { Effect, Redacted } from "effect"
import * as Draft from "../../src/events/log/Draft.ts"
import { Work } from "../../src/kernel/work/Work.ts"
import * as WorkEvents from "../../src/kernel/work/WorkEvents.ts"
import { Poem } from "./Poem.ts"
import { world } from "./WorkWorker.ts"

const say = (line: string) => Effect.sync(() => void process.stdout.write(`${line}\n`))

const main = ([url = "", schema = "", pause = "0"]: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const work = yield* Work
    yield* work.register(Poem, (task) =>
      Effect.gen(function*() {
        yield* say(`begun ${task.workId}`)
        yield* Effect.sleep(Number(pause))
        const ids = { work_id: task.workId, kind: Poem.name }
        yield* task.append([yield* Draft.make(WorkEvents.CancelRequested, ids)]).pipe(
          Effect.tap(() => say(`written ${task.workId}`)),
          Effect.tapError(({ _tag }) => say(`refused ${task.workId} ${_tag}`))
        )
      }))
    yield* work.start
    return yield* Effect.never
  }).pipe(Effect.provide(world(Redacted.make(url), schema)))

if (import.meta.main) Effect.runFork(main(process.argv.slice(2)))
