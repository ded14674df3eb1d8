/** Knows the version of each stream; forgets what a rolled back transaction told it. */
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { RecentMap } from "../types/RecentMap.ts"

/** Streams whose version is kept in memory; the rest is looked up. */
const cachedStreams = 2000

export class StreamVersions {
  readonly #select: StatementSync
  readonly #cache = new RecentMap<string, number>(cachedStreams)

  constructor(database: DatabaseSync) {
    this.#select = database.prepare(
      `SELECT max(
        coalesce((SELECT max(version) FROM events WHERE stream = ?1), 0),
        coalesce((SELECT version + count - 1 FROM facts WHERE stream = ?1 ORDER BY version DESC LIMIT 1), 0)
      ) AS version`
    )
  }

  /** 0 for a stream without events. */
  get(stream: string): number {
    return this.#cache.get(stream) ?? Number(this.#select.get(stream)?.["version"] ?? 0)
  }

  set(stream: string, version: number): void {
    this.#cache.set(stream, version)
  }

  clear(): void {
    this.#cache.clear()
  }
}
