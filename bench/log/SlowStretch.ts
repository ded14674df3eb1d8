/** What one stretch of load came to, and the check of a consumer that reads on afterwards. */
// @effect-diagnostics *:off

export interface Stretch {
  /** Events appended a second. */
  readonly perSecond: number
  /** User and system time of the process that writes, for an event, microseconds. */
  readonly cpuPerEvent: number
  /** Events of the log at the end. */
  readonly events: number
  /** Resident memory of the process that writes, at the end of the load. */
  readonly megabytes: number
  /** Events the consumer had taken when the load ended. */
  readonly seenInTime: number
  readonly caughtUp: CatchUp | undefined
}

export interface CatchUp {
  readonly events: number
  readonly seconds: number
  /** Every event of the log once, in order. */
  readonly complete: boolean
}

export class CaughtUp {
  position = 0
  #events = 0
  #inOrder = true

  saw(position: number): void {
    this.#inOrder &&= position === this.position + 1
    this.#events += 1
    this.position = position
  }

  result(head: number, since: number): CatchUp {
    return {
      events: this.#events,
      seconds: (performance.now() - since) / 1000,
      complete: this.#inOrder && this.#events === head
    }
  }
}
