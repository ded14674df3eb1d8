/** What is noted while a request is lowered: what is sent instead of what was asked, and why it can't be sent at all. */
import type { Degradation } from "../messages/ChatResponse.ts"
import { NotOfDialect } from "./NotOfDialect.ts"

export interface LoweringReport {
  readonly degrade: (degradation: Degradation) => void
  /** `param` names the canonical field. The first one stands. */
  readonly refuse: (param: string, detail: string) => void
  readonly degradations: ReadonlyArray<Degradation>
  readonly failure: NotOfDialect | undefined
}

class Report implements LoweringReport {
  readonly #dialect: string
  readonly degradations: Array<Degradation> = []
  readonly #noted = new Set<string>()
  failure: NotOfDialect | undefined

  constructor(dialect: string) {
    this.#dialect = dialect
  }

  /** Once for each kind: ten thoughts of one model are one loss. */
  degrade(degradation: Degradation): void {
    const { actual, reason, requested } = degradation
    const key = JSON.stringify([requested, actual, reason])
    if (this.#noted.has(key)) return
    this.#noted.add(key)
    this.degradations.push(degradation)
  }

  refuse(param: string, detail: string): void {
    this.failure ??= new NotOfDialect({ dialect: this.#dialect, detail, param })
  }
}

/** `dialect`: in which it is lowered. */
export const make = (dialect: string): LoweringReport => new Report(dialect)
