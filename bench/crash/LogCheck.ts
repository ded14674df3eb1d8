/** Looks whether the log is what the ledger says: nothing acknowledged is missing, nothing is there twice, no gap. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import { EventLog } from "../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../src/events/log/ProjectionTables.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { eventOf, projectionsOf } from "./CrashEvents.ts"
import type { Ledger } from "./Ledger.ts"
import type { OpenStore } from "./Stores.ts"

const pageSize = 1000

/** Fails with everything that is not as it must be. */
export class LogCheck {
  readonly #ledger: Ledger
  readonly #problems: Array<string> = []
  #byId = new Map<string, { readonly position: number; readonly stream: string; readonly version: number }>()
  #versions = new Map<string, number>()
  #head = 0
  #acknowledgedChecked = 0

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** Events in the log. */
  get events(): number {
    return this.#head
  }

  /** `whole`: from the first event, not only what came since the last time. */
  async run(store: OpenStore, projectionVersion: number, whole: boolean): Promise<void> {
    const headBefore = this.#head
    if (whole) this.#forget()
    await this.#readOn(store)
    if (this.#head < headBefore) this.#problem(`the log ended at ${headBefore} and now ends at ${this.#head}`)
    this.#compareWithLedger()
    await this.#compareTables(store, projectionVersion)
    if (this.#problems.length > 0) throw new Error(this.#problems.join("\n"))
  }

  #problem(text: string): void {
    if (this.#problems.length < 20) this.#problems.push(text)
  }

  #forget(): void {
    this.#byId = new Map()
    this.#versions = new Map()
    this.#head = 0
    this.#acknowledgedChecked = 0
  }

  async #readOn(store: OpenStore): Promise<void> {
    const read = (after: number) =>
      store.runPromise(Effect.flatMap(EventLog, (log) => log.read({ after, limit: pageSize })))
    while (true) {
      const page = await read(this.#head)
      for (const event of page) this.#take(event)
      if (page.length < pageSize) break
    }
    const head = await store.runPromise(Effect.flatMap(EventLog, (log) => log.head))
    if (head !== this.#head) this.#problem(`the head is ${head}, the last event stands at ${this.#head}`)
  }

  #take(event: RecordedEvent): void {
    const { id, position, stream, version } = event
    if (position !== this.#head + 1) this.#problem(`after position ${this.#head} comes ${position}`)
    const before = this.#versions.get(stream) ?? 0
    if (version !== before + 1) this.#problem(`in ${stream}, after version ${before} comes ${version}`)
    if (this.#byId.has(id)) this.#problem(`${id} is there twice, at ${this.#byId.get(id)?.position} and ${position}`)
    if (this.#ledger.refused.has(id)) this.#problem(`${id} was refused, and stands at ${position}`)
    this.#head = position
    this.#versions.set(stream, version)
    this.#byId.set(id, { position, stream, version })

    const expected = eventOf(id)
    const payload = event.prunedAt === undefined ? expected.payload : "null"
    if (event.prunedAt !== undefined && expected.level === "default") this.#problem(`${id} must not be pruned`)
    if (event.payload !== payload || event.type !== expected.type || event.time !== expected.time) {
      this.#problem(`${id} at ${position} is not what was appended`)
    }
  }

  #compareWithLedger(): void {
    const { acknowledged, unknown, wrong } = this.#ledger
    for (const text of wrong) this.#problem(text)
    for (; this.#acknowledgedChecked < acknowledged.length; this.#acknowledgedChecked += 1) {
      const { appended, attempt: { ids, stream } } = acknowledged[this.#acknowledgedChecked]!
      for (const [index, id] of ids.entries()) {
        const found = this.#byId.get(id)
        const behind = ids.length - 1 - index
        if (found === undefined) this.#problem(`${id} was acknowledged, and is not in the log`)
        else if (
          found.stream !== stream || found.version !== appended.version - behind ||
          found.position !== appended.position - behind
        ) this.#problem(`${id} was acknowledged in ${stream} and stands elsewhere: ${JSON.stringify(found)}`)
      }
    }
    for (const { ids } of unknown) {
      const present = ids.filter((id) => this.#byId.has(id)).length
      if (present !== 0 && present !== ids.length) this.#problem(`${present} of ${ids.length} events: ${ids.join()}`)
    }
  }

  async #compareTables(store: OpenStore, version: number): Promise<void> {
    const projections = projectionsOf(version)
    const statuses = Effect.flatMap(ProjectionTables, (tables) => Effect.forEach(projections, tables.status))
    const before = await store.runPromise(statuses)
    await store.runPromise(Effect.flatMap(ProjectionTables, (tables) => tables.rebuild(projections, () => Effect.void)))
    const after = await store.runPromise(statuses)
    for (const [index, { digest, projection, rows }] of before.entries()) {
      const rebuilt = after[index]!
      if (digest !== rebuilt.digest) {
        this.#problem(`the table ${projection.name} had ${rows} rows, a rebuild makes other ones (${rebuilt.rows})`)
      }
    }
  }
}
