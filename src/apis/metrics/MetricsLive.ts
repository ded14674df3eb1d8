/** Metrics, added up from the log when they are asked for: who never asks pays nothing. */
import { Clock, Context, Effect, Layer, Metric, Semaphore, Stream } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import { qualifiedId, wholeLog } from "../../kernel/access/AccessResource.ts"
import { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import { version } from "../../kernel/http/Version.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Modules } from "../../kernel/modules/ModuleSet.ts"
import * as EventPages from "../../kernel/sessions/EventPages.ts"
import { Work } from "../../kernel/work/Work.ts"
import { WorkProjection } from "../../kernel/work/WorkProjection.ts"
import { EventMetrics } from "./EventMetrics.ts"
import * as Gauges from "./Gauges.ts"
import { Metrics } from "./Metrics.ts"
import { MetricsHandlers } from "./MetricsHandlers.ts"

/** Events read at once: the server goes on between. */
const pageSize = 500

/** Read for one answer, so that it comes within the time that monitoring waits; the next goes on from there. */
const maxEvents = 50_000

/** Work that is counted, at most. */
const maxWork = 1000

const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables
  const work = yield* Work
  const access = yield* AccessControl
  const { catalog } = yield* Modules
  const types = catalog.definitions.map(({ type }) => type).filter((type) => /:(response|error)$/.test(type))

  // Nothing else counts in it: what libraries measure by themselves stays out, as does another server of this process.
  const registry = Context.make(Metric.MetricRegistry, new Map())
  const events = new EventMetrics(registry)
  const set = Gauges.into(registry)
  const turn = yield* Semaphore.make(1)
  let readThrough = yield* hub.head
  let cpuSeconds = 0

  const countEvents = Effect.gen(function*() {
    const head = yield* hub.head
    const unread = EventPages.stream(hub, { types, level: "default" }, {
      after: readThrough,
      upTo: head,
      size: pageSize
    })
    let count = 0
    yield* Stream.runForEachArray(Stream.take(unread, maxEvents), (page) =>
      Effect.sync(() => {
        for (const event of page) events.add(event)
        count += page.length
        readThrough = page.at(-1)?.position ?? readThrough
      }))
    if (count < maxEvents) readThrough = head
    set(Gauges.logPosition, head)
    set(Gauges.unreadEvents, head - readThrough)
  })

  const countWork = Effect.gen(function*() {
    const open = yield* tables.list(WorkProjection, { where: { open: 1 }, limit: maxWork })
    for (const status of ["queued", "running", "waiting"]) {
      set(Gauges.work, open.filter(({ document }) => document.status === status).length, { status })
    }
    set(Gauges.oldestQueued, ((yield* work.oldestQueued) ?? 0) / 1000)
  })

  const countProcess = Effect.gen(function*() {
    const { system, user } = process.cpuUsage()
    set(Gauges.build, 1, { version })
    set(Gauges.memory, process.memoryUsage.rss())
    const seconds = (user + system) / 1e6
    set(Gauges.cpu, seconds - cpuSeconds)
    cpuSeconds = seconds
    set(Gauges.startTime, (yield* Clock.currentTimeMillis) / 1000 - process.uptime())
  })

  return Metrics.of({
    text: Effect.gen(function*() {
      yield* access.authorizeRead(
        wholeLog,
        () => new AccessDenied({ action: "read", resource: qualifiedId(wholeLog) })
      )
      // With all that it stands among, it is loaded by who asks for it.
      const { PrometheusMetrics } = yield* Effect.promise(() => import("effect/observability"))
      return yield* turn.withPermits(1)(
        Effect.map(
          Effect.all([countEvents, countWork, countProcess]),
          () => PrometheusMetrics.formatUnsafe(registry)
        )
      )
    })
  })
})

export const layer = Layer.effect(Metrics, make)

export const live = ApiModule.live({ handlers: MetricsHandlers, layer })
