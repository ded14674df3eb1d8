/** The process that is killed: several fibers append, prune and rebuild; each commit is told once it is one. */
// @effect-diagnostics *:off
import { Effect, Result } from "effect"
import * as fs from "node:fs"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { Appended } from "../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../src/events/log/PayloadRetention.ts"
import { ProjectionTables } from "../../src/events/log/ProjectionTables.ts"
import { appendablesOf, type Attempt, idOf, idsOfFact, projectionsOf, turnOf } from "./CrashEvents.ts"
import { SeededRandom } from "./SeededRandom.ts"
import { open } from "./Stores.ts"
import type { WriterMessage, WriterTask } from "./WriterMessages.ts"

const fibers = 8
const largestGroup = 12
const sharedStreams = 4
const partOfFacts = 0.3
const longestConversation = 40
/** The pipe to whoever kills it. */
const pipe = 3

const tell = (message: WriterMessage): void => void fs.writeSync(pipe, `${JSON.stringify(message)}\n`)

const same = (one: Appended, other: Appended): boolean =>
  one.position === other.position && one.version === other.version

/** Tries until the outcome is known: a store that is away for a moment is asked again, with the same ids. */
const append = Effect.fnUntraced(function*({ expectedVersion, ids, stream }: Attempt) {
  const hub = yield* EventHub
  const events = appendablesOf(ids)
  while (true) {
    const result = yield* Effect.result(hub.append(stream, expectedVersion, events))
    if (Result.isSuccess(result) || result.failure._tag !== "EventLogUnavailable") return result
    yield* Effect.sleep("50 millis")
  }
})

const appendAndTell = Effect.fnUntraced(function*(attempt: Attempt) {
  tell({ trying: attempt })
  const result = yield* append(attempt)
  if (Result.isFailure(result)) {
    tell({ wrong: `${result.failure.message}, appending ${JSON.stringify(attempt)}` })
    return undefined
  }
  tell({ acknowledged: attempt, appended: result.success })
  return result.success
})

const mustBeRefused = Effect.fnUntraced(
  function*(attempt: Attempt, fresh: ReadonlyArray<string>, tag: "VersionConflict" | "EventIdTaken") {
    const result = yield* append(attempt)
    if (Result.isFailure(result) && result.failure._tag === tag) tell({ refused: fresh })
    else tell({ wrong: `${JSON.stringify(attempt)} was to be refused with ${tag}` })
  }
)

const publisher = Effect.fnUntraced(function*({ heavy, round, seed }: WriterTask, fiber: number) {
  const random = new SeededRandom(seed + round * 1000 + fiber)
  const own = `own-${round}-${fiber}`
  let [version, made] = [0, 0]
  let last: { readonly attempt: Attempt; readonly appended: Appended } | undefined

  const fresh = () =>
    Array.from({ length: heavy ? 2 : random.between(1, largestGroup) }, () => {
      const name = [round, fiber, ++made, Date.now()] as const
      return !heavy && random.next() < partOfFacts ? idsOfFact(...name) : [idOf(...name, heavy)]
    }).flat()

  let conversation = { number: 0, turns: 0, version: 0 }

  /** The next turn, with something beside it now and then. */
  const nextTurn = (): Attempt => {
    const { number, turns, version } = conversation
    const { ids, stream } = turnOf(round, fiber, number, turns + 1, Date.now())
    const beside = random.next() < 0.2 ? [idOf(round, fiber, ++made, Date.now(), false)] : []
    return { stream, expectedVersion: version === 0 ? "none" : version, ids: [...ids, ...beside] }
  }

  while (true) {
    const kind = random.next()
    if (kind < 0.25 && !heavy) {
      const attempt = nextTurn()
      const appended = yield* appendAndTell(attempt)
      if (appended === undefined) return
      const { number, turns } = conversation
      conversation = turns + 1 < longestConversation
        ? { number, turns: turns + 1, version: appended.version }
        : { number: number + 1, turns: 0, version: 0 }
      last = { attempt, appended }
    } else if (kind < 0.85 || last === undefined) {
      const toOwn = kind < 0.6
      const attempt: Attempt = toOwn
        ? { stream: own, expectedVersion: version === 0 ? "none" : version, ids: fresh() }
        : { stream: `shared-${random.between(1, sharedStreams)}`, expectedVersion: "any", ids: fresh() }
      const appended = yield* appendAndTell(attempt)
      if (appended === undefined) return
      if (toOwn) version = appended.version
      last = { attempt, appended }
    } else if (kind < 0.9) {
      const again = yield* append(last.attempt)
      if (Result.isFailure(again) || !same(again.success, last.appended)) {
        tell({ wrong: `${JSON.stringify(last)}, appended again, was answered with ${JSON.stringify(again)}` })
      }
    } else if (kind < 0.95) {
      const ids = fresh()
      yield* mustBeRefused({ stream: own, expectedVersion: version + 3, ids }, ids, "VersionConflict")
    } else {
      const ids = fresh()
      const taken = last.attempt.ids[0]!
      yield* mustBeRefused(
        { stream: `taken-${round}`, expectedVersion: "any", ids: [...ids, taken] },
        ids,
        "EventIdTaken"
      )
    }
  }
})

const prune = Effect.gen(function*() {
  const retention = yield* PayloadRetention
  for (let turn = 0;; turn += 1) {
    tell({ at: "pruning" })
    const level = turn % 2 === 0 ? "raw" : "debug"
    yield* Effect.ignore(retention.prune({ level, before: Date.now() - 1000, limit: 100, now: Date.now() }))
    yield* Effect.sleep("100 millis")
  }
})

const rebuild = (version: number) =>
  Effect.gen(function*() {
    const tables = yield* ProjectionTables
    while (true) {
      yield* Effect.sleep("100 millis")
      tell({ at: "rebuilding" })
      yield* Effect.ignore(tables.rebuild(projectionsOf(version), () => Effect.void))
    }
  })

const write = (task: WriterTask) =>
  Effect.gen(function*() {
    tell({ at: "open" })
    yield* Effect.forEach(task.unknown, appendAndTell, { concurrency: fibers, discard: true })
    const publishers = Array.from({ length: fibers }, (_, fiber) => publisher(task, fiber))
    const others = task.rebuild ? [prune, rebuild(task.projectionVersion)] : [prune]
    yield* Effect.all([...publishers, ...others], { concurrency: "unbounded", discard: true })
  })

if (import.meta.main) {
  const task: WriterTask = JSON.parse(fs.readFileSync(process.argv[2] ?? "", "utf8"))
  tell({ at: "opening" })
  await open(task.place, projectionsOf(task.projectionVersion)).runPromise(write(task))
}
