/** Servers' parts in durable work on one PostgreSQL, as processes that a test stops and kills. */
import { Effect, Redacted } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Postgres from "./Postgres.ts"

/** Runs a script; what it says stands in `lines`. */
export const start = (script: URL, schema: string, pause: number) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [
        fileURLToPath(script),
        Redacted.value(Postgres.url),
        schema,
        String(pause)
      ], {
        stdio: ["ignore", "pipe", "inherit"]
      })
      const lines: Array<string> = []
      child.stdout.on(
        "data",
        (data: Buffer) => lines.push(...data.toString().split("\n").filter((line) => line !== ""))
      )
      return { lines, signal: (name: NodeJS.Signals) => Effect.sync(() => child.kill(name)) }
    }),
    ({ signal }) => Effect.andThen(signal("SIGCONT"), signal("SIGKILL"))
  )

export const until = (condition: () => boolean) =>
  Effect.gen(function*() {
    while (!condition()) yield* Effect.sleep("50 millis")
  })

/** A schema of the log; that of the engine beside it is dropped, too. */
export const schema = Effect.acquireRelease(
  Postgres.schema,
  (name) => Postgres.run("public", `DROP SCHEMA IF EXISTS ${name}_work CASCADE`)
)
