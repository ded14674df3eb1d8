/** Loaded before Strata (`node --import`): counts the SQL statements that node:sqlite runs, and tells at SIGUSR2. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { DatabaseSync, StatementSync } from "node:sqlite"

let count = 0

const counted = (prototype: object, name: string): void => {
  const method = Reflect.get(prototype, name) as (...given: Array<unknown>) => unknown
  Reflect.set(prototype, name, function(this: unknown, ...given: Array<unknown>) {
    count++
    return method.apply(this, given)
  })
}

for (const name of ["run", "get", "all", "iterate"]) counted(StatementSync.prototype, name)
counted(DatabaseSync.prototype, "exec")

const file = process.env["STRATA_BENCH_STATEMENTS"]
if (file !== undefined) {
  process.on("SIGUSR2", () => {
    // Whoever reads it never sees half of it.
    fs.writeFileSync(`${file}.new`, String(count))
    fs.renameSync(`${file}.new`, file)
  })
}
