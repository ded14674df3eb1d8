/** What the test knows of the log without looking: what was acknowledged, what may be there, what must not be. */
// @effect-diagnostics *:off
import type { Appended } from "../../src/events/log/EventLog.ts"
import type { Attempt } from "./CrashEvents.ts"
import type { WriterMessage } from "./WriterMessages.ts"

export interface Acknowledged {
  readonly attempt: Attempt
  readonly appended: Appended
}

export class Ledger {
  readonly acknowledged: Array<Acknowledged> = []
  readonly refused = new Set<string>()
  /** Contracts broken, as the writers saw it. */
  readonly wrong: Array<string> = []
  readonly #unknown = new Map<string, Attempt>()
  acknowledgedEvents = 0

  take(message: WriterMessage): void {
    if ("trying" in message) this.#unknown.set(message.trying.ids[0]!, message.trying)
    if ("refused" in message) { for (const id of message.refused) this.refused.add(id) }
    if ("wrong" in message) this.wrong.push(message.wrong)
    if ("acknowledged" in message) {
      this.#unknown.delete(message.acknowledged.ids[0]!)
      this.acknowledged.push({ attempt: message.acknowledged, appended: message.appended })
      this.acknowledgedEvents += message.acknowledged.ids.length
    }
  }

  /** Tried, and the writer died before it could tell of the commit. */
  get unknown(): ReadonlyArray<Attempt> {
    return [...this.#unknown.values()]
  }
}
