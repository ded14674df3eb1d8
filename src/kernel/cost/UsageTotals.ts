/** Rows of costs added up by what they have in common: exactly, and with what is not known named. */
import { Schema } from "effect"
import * as Money from "../money/Money.ts"
import type { CostRow } from "./CostRow.ts"
import { currency } from "./CostRow.ts"
import * as TokenCounts from "./TokenCounts.ts"

export const Dimension = Schema.Literals(["session", "model", "provider", "principal", "day"])
export type Dimension = typeof Dimension.Type

const valueOf: { readonly [D in Dimension]: (row: CostRow) => string | null } = {
  session: ({ session_id }) => session_id,
  // The model that answered is the one that is paid for.
  model: ({ model, response_model }) => response_model ?? model,
  provider: ({ provider }) => provider,
  principal: ({ principal }) => principal,
  day: ({ day }) => day
}

/** The value of a row that it is grouped and filtered by. */
export const dimensionOf = (row: CostRow, dimension: Dimension): string | null => valueOf[dimension](row)

/** Models that are named of those whose cost is not known. */
const maximumNamed = 20

const Unpriced = Schema.Struct({
  provider: Schema.String.annotate({ description: "The provider instance.", examples: ["vllm"] }),
  model: Schema.String.annotate({ description: "The model that answered.", examples: ["Qwen/Qwen3-0.6B"] }),
  reason: Schema.String.annotate({
    description: "Why its cost is not known.",
    examples: ["there are no public prices of remote::vllm"]
  })
})

export const Totals = Schema.Struct({
  call_count: Schema.Int.annotate({ description: "Calls that were answered.", examples: [12] }),
  ...TokenCounts.TokenCounts.fields,
  cost: Schema.NullOr(Schema.String).annotate({
    description: "What the calls cost whose cost is known, together: a decimal, exact. Null: of none it is known.",
    examples: ["0.0418500"]
  }),
  currency: Schema.Literal(currency).annotate({ description: "Of the cost.", examples: [currency] }),
  unpriced_call_count: Schema.Int.annotate({
    description: "Calls whose cost is not known: they are not in `cost`.",
    examples: [0]
  }),
  unpriced: Schema.Array(Unpriced).annotate({
    description: `Which those are, each model once, the first ${maximumNamed}.`,
    examples: [[{ provider: "vllm", model: "Qwen/Qwen3-0.6B", reason: "there are no public prices of remote::vllm" }]]
  })
}).annotate({ identifier: "UsageTotals", description: "What calls used and cost together." })
export type Totals = typeof Totals.Type

/** Adds up rows, one by one. */
export class Sum {
  #calls = 0
  #tokens = TokenCounts.none
  #cost = Money.zero
  #priced = 0
  readonly #unpriced = new Map<string, typeof Unpriced.Type>()

  add(row: CostRow): void {
    this.#calls++
    if (row.usage !== null) this.#tokens = TokenCounts.add(this.#tokens, row.usage)
    const cost = row.cost === null ? undefined : Money.parse(row.cost)
    if (cost !== undefined) {
      this.#priced++
      this.#cost = Money.add(this.#cost, cost)
      return
    }
    const model = valueOf.model(row) ?? ""
    const key = JSON.stringify([row.provider, model])
    if (this.#unpriced.size >= maximumNamed || this.#unpriced.has(key)) return
    this.#unpriced.set(key, { provider: row.provider, model, reason: row.unknown ?? "its cost is not understood" })
  }

  get totals(): Totals {
    return {
      call_count: this.#calls,
      ...this.#tokens,
      cost: this.#priced === 0 ? null : Money.toText(this.#cost),
      currency,
      unpriced_call_count: this.#calls - this.#priced,
      unpriced: [...this.#unpriced.values()]
    }
  }
}

export interface Group {
  readonly values: ReadonlyArray<string | null>
  readonly totals: Totals
}

/** What has no value stands first. */
const compare = (one: ReadonlyArray<string | null>, other: ReadonlyArray<string | null>): number => {
  for (let index = 0; index < one.length; index++) {
    const [left, right] = [one[index] ?? null, other[index] ?? null]
    if (left === right) continue
    return left === null ? -1 : right === null ? 1 : left < right ? -1 : 1
  }
  return 0
}

/** Groups rows by one or two of their values, and adds up all of them. */
export class Grouping {
  readonly #by: ReadonlyArray<Dimension>
  readonly #groups = new Map<string, { readonly values: ReadonlyArray<string | null>; readonly sum: Sum }>()
  readonly #all = new Sum()

  constructor(by: ReadonlyArray<Dimension>) {
    this.#by = by
  }

  add(row: CostRow): void {
    const values = this.#by.map((dimension) => valueOf[dimension](row))
    const key = JSON.stringify(values)
    let group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, group = { values, sum: new Sum() })
    group.sum.add(row)
    this.#all.add(row)
  }

  /** In an order of their values, which is the same each time. */
  get groups(): ReadonlyArray<Group> {
    return [...this.#groups.values()].sort((one, other) => compare(one.values, other.values))
      .map(({ sum, values }) => ({ values, totals: sum.totals }))
  }

  /** Those behind a group, which need not be there. */
  behind(after: ReadonlyArray<string | null> | undefined): ReadonlyArray<Group> {
    return after === undefined ? this.groups : this.groups.filter(({ values }) => compare(values, after) > 0)
  }

  get totals(): Totals {
    return this.#all.totals
  }
}
