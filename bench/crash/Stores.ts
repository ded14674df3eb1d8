/** The one place where the crash test chooses the store. */
// @effect-diagnostics *:off
import { Layer, Logger, ManagedRuntime, Redacted } from "effect"
import { EventHub } from "../../src/events/log/EventHub.ts"
import * as PostgresStore from "../../src/events/postgres/PostgresStore.ts"
import type { AnyProjection } from "../../src/events/projections/Projection.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"

/** Where a log is. */
export type Place =
  | { readonly log: "sqlite"; readonly folder: string }
  | { readonly log: "postgres"; readonly url: string; readonly schema: string; readonly durability?: "normal" | "full" }

export const storeOf = (place: Place, projections: ReadonlyArray<AnyProjection>) => {
  if (place.log === "sqlite") return SqliteStore.layer({ folder: place.folder, access: "write", projections })
  const { durability, schema, url } = place
  return PostgresStore.layer({ url: Redacted.make(url), schema, durability, projections, access: "write" })
}

export const open = (place: Place, projections: ReadonlyArray<AnyProjection>) =>
  ManagedRuntime.make(
    EventHub.layer().pipe(Layer.provideMerge(storeOf(place, projections)), Layer.provide(Logger.layer([])))
  )

export type OpenStore = ReturnType<typeof open>
