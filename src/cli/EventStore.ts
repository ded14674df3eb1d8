/** The event log of a data folder, for commands that work without a server. */
import { Effect, Layer } from "effect"
import { EventHub } from "../events/EventHub.ts"
import type { EventLogUnavailable } from "../events/EventLog.ts"
import { EventLogOpenFailed } from "../events/EventLog.ts"
import * as SqliteStore from "../events/sqlite/SqliteStore.ts"
import * as EventCatalog from "../kernel/EventCatalog.ts"
import { projections } from "../kernel/Projections.ts"

export interface Options {
  readonly folder: string
  /** `write` takes the folder for itself: it fails beside a running server. */
  readonly access: "read" | "write"
}

/** A server that holds the folder can do the same. */
const explain = (error: EventLogOpenFailed | EventLogUnavailable) =>
  error._tag === "EventLogOpenFailed" && error.message.startsWith("Another Strata server")
    ? new EventLogOpenFailed({ message: `${error.message}, or ask the server: --url http://127.0.0.1:8321` })
    : error

export const layer = ({ access, folder }: Options) =>
  EventHub.layer().pipe(
    Layer.provideMerge(SqliteStore.layer({ folder, access, projections })),
    Layer.provide(EventCatalog.upcasting),
    Layer.catch((error) => Layer.effectContext(Effect.fail(explain(error))))
  )
