/** `npm run golden`: facts beside the row writer of before, on the same random traffic. */
import { Effect } from "effect"
import { randomInt } from "node:crypto"
import { parseArgs } from "node:util"
import { Table } from "../../../bench/Table.ts"
import * as Changes from "./Changes.ts"
import { deliberate } from "./Deliberate.ts"
import type { GoldenResult } from "./Golden.ts"
import * as Golden from "./Golden.ts"

const usage = `npm run golden -- [options]
  --requests N   requests (20000)
  --seed N       repeats the traffic of an earlier run
  --change N     changes one field of the Nth event as it is read: the run has to find it
Exits 1 at the first field that differs.`

const whole = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 2 ** 31) throw new Error(`--${name}: ${text} is no whole number`)
  return value
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length <= 2000 ? text : `${text.slice(0, 2000)}… (${text.length} characters)`
}

const report = ({ difference, events, lookups, others, requests, sent, types }: GoldenResult): string => {
  const rows = [...types].sort().map(([type, count]) => [type, count.toLocaleString("en-US")])
  const [all, found, rest, asked, gone] = [events, lookups, others, requests, sent].map((each) =>
    each.toLocaleString("en-US")
  )
  return [
    Table("type | events compared", 1, rows),
    `${gone} requests sent, ${asked} recorded with the server's own, ${all} events compared; ${found} of them read again by id, request, stream, type, provider; `
    + `${rest} events were made by no request`,
    ...deliberate.map((text) => `differs on purpose: ${text}`),
    difference === undefined
      ? "no field differs"
      : `${difference.request}: ${difference.type}, ${difference.path}\n  rows:  ${shown(difference.expected)}\n`
        + `  facts: ${shown(difference.found)}`
  ].join("\n")
}

try {
  const { values } = parseArgs({
    options: {
      requests: { type: "string", default: "20000" },
      seed: { type: "string" },
      change: { type: "string" },
      help: { type: "boolean", default: false }
    }
  })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
  } else {
    const seed = values.seed === undefined ? randomInt(1, 2 ** 31) : whole("seed", values.seed)
    process.stdout.write(`seed ${seed}\n`)
    const result = await Effect.runPromise(Golden.run({
      requests: whole("requests", values.requests),
      seed,
      progress: (text) => void process.stderr.write(`${text}\n`),
      ...(values.change === undefined ? {} : { change: Changes.nth(whole("change", values.change)) })
    }))
    process.stdout.write(`${report(result)}\n`)
    process.exitCode = result.difference === undefined ? 0 : 1
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
