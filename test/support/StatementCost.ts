/** What is asked of `node:sqlite` in this process: how many statements, and how much they gave. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { SQLOutputValue } from "node:sqlite"
import { StatementSync } from "node:sqlite"

export interface Cost {
  readonly statements: number
  /** Characters and bytes of the rows that they gave. */
  readonly read: number
}

type Row = Readonly<Record<string, SQLOutputValue>>

const sizeOf = (row: Row | undefined): number =>
  Object.values(row ?? {}).reduce<number>(
    (sum, value) => sum + (typeof value === "string" || value instanceof Uint8Array ? value.length : 0),
    0
  )

type Method = (...given: ReadonlyArray<unknown>) => unknown

const names = ["run", "get", "all", "iterate"] as const

const counted = Effect.acquireRelease(
  Effect.sync(() => {
    const cost = { statements: 0, read: 0 }
    const before = names.map((name) => [name, Reflect.get(StatementSync.prototype, name) as Method] as const)
    for (const [name, method] of before) {
      Reflect.set(StatementSync.prototype, name, function(this: StatementSync, ...given: ReadonlyArray<unknown>) {
        cost.statements++
        const result = Reflect.apply(method, this, given)
        if (name === "run") return result
        const rows = (name === "get" ? [result] : [...result as Iterable<Row>]) as ReadonlyArray<Row | undefined>
        for (const row of rows) cost.read += sizeOf(row)
        return name === "get" ? result : name === "all" ? rows : rows.values()
      })
    }
    return { cost, before }
  }),
  ({ before }) =>
    Effect.sync(() => {
      for (const [name, method] of before) Reflect.set(StatementSync.prototype, name, method)
    })
)

/** Counts from here on: gives what measures an effect. */
export const counting = Effect.map(
  counted,
  ({ cost }) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.gen(function*() {
      const { read, statements } = cost
      const value = yield* effect
      return { value, cost: { statements: cost.statements - statements, read: cost.read - read } }
    })
)

const measured = 5

/** The last turns ask no more than the second and those after it. */
export const assertConstant = (costs: ReadonlyArray<Cost>): void => {
  const sumOf = (some: ReadonlyArray<Cost>, name: keyof Cost) => some.reduce((sum, each) => sum + each[name], 0)
  const [early, late] = [costs.slice(1, 1 + measured), costs.slice(-measured)]
  // How many commits are folded together varies by some.
  assert.isAtMost(sumOf(late, "statements"), 1.3 * sumOf(early, "statements"))
  assert.isAtMost(sumOf(late, "read"), 1.5 * sumOf(early, "read") + 2000)
}
