/** How far behind what happens a follower is: from an event's time until it has it, milliseconds. */
// @effect-diagnostics *:off

export interface LagFigures {
  readonly events: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

export class Lag {
  #milliseconds: Array<number> = []

  /** `time`: milliseconds since 1970. */
  saw(time: number): void {
    this.#milliseconds.push(Date.now() - time)
  }

  /** Since it was asked last. */
  take(): LagFigures {
    const sorted = Float64Array.from(this.#milliseconds).sort()
    this.#milliseconds = []
    const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
    return { events: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) }
  }
}
