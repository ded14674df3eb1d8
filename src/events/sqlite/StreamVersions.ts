/** Knows the version of each stream; forgets what a rolled back transaction told it. */
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { RecentMap } from "../types/RecentMap.ts"
import * as Tenant from "../types/Tenant.ts"

/** Streams whose version is kept in memory; the rest is looked up. */
const cachedStreams = 2000

export class StreamVersions {
  readonly #select: StatementSync
  readonly #cache = new RecentMap<string, number>(cachedStreams)

  constructor(database: DatabaseSync) {
    this.#select = database.prepare(
      `SELECT max(
        coalesce((SELECT max(version) FROM events WHERE tenant = ?1 AND stream = ?2), 0),
        coalesce((SELECT version + count - 1 FROM facts WHERE tenant = ?1 AND stream = ?2 ORDER BY version DESC LIMIT 1), 0)
      ) AS version`
    )
  }

  /** 0 for a stream without events. */
  get(tenant: string, stream: string): number {
    return this.#cache.get(Tenant.qualified(tenant, stream)) ??
      Number(this.#select.get(tenant, stream)?.["version"] ?? 0)
  }

  set(tenant: string, stream: string, version: number): void {
    this.#cache.set(Tenant.qualified(tenant, stream), version)
  }

  clear(): void {
    this.#cache.clear()
  }
}
