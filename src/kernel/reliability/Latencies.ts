/** How long answers took to begin, lately: a mean that goes along, by what was asked. */

interface Mean {
  readonly milliseconds: number
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The weight of the newest. */
const share = 0.3

/** What was not asked for so long says nothing of now, milliseconds. */
const memory = 600_000

/** Names that are kept. */
const most = 1000

export class Latencies {
  readonly #means = new Map<string, Mean>()

  report(name: string, milliseconds: number, now: number): void {
    const before = this.of(name, now)
    const mean = before === undefined ? milliseconds : before + share * (milliseconds - before)
    this.#means.delete(name)
    this.#means.set(name, { milliseconds: mean, at: now })
    if (this.#means.size > most) this.#means.delete(this.#means.keys().next().value!)
  }

  /** Undefined: nobody knows. */
  of(name: string, now: number): number | undefined {
    const mean = this.#means.get(name)
    return mean === undefined || mean.at + memory <= now ? undefined : mean.milliseconds
  }
}
