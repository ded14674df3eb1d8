/** What a request may cost: `bench/budget.json`, and what of a run is above it. */
// @effect-diagnostics *:off
import { Schema } from "effect"
import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import type { Mode } from "./Payloads.ts"

const file = fileURLToPath(import.meta.resolve("./budget.json"))

const limit = Schema.Finite.check(Schema.isGreaterThan(0))

/** Limits of one kind of answer. */
const OfMode = Schema.Struct({
  /** CPU of Strata to that of the minimal proxy, by connections. */
  cpu: Schema.Record(Schema.String, limit),
  /** p99 to p50, by connections; not judged where others use the machine. */
  tail: Schema.Record(Schema.String, limit),
  storedBytes: limit,
  statements: limit
})

/** CPU of a response to that of a chat completion: passed to its vendor, and made over a vendor of chat completions. */
const OfResponses = Schema.Struct({ passed: limit, overChat: limit })

const Budget = Schema.Struct({
  short: Schema.Struct({ json: limit, sse: limit }),
  json: OfMode,
  sse: OfMode,
  responses: Schema.Struct({ json: OfResponses, sse: OfResponses }),
  peakMegabytes: limit,
  idleMegabytes: limit
})
type Budget = typeof Budget.Type

/** One figure of a run, and the most it may be; NaN was not measured. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly limit: number | undefined
}

export const read = (): Budget =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Budget), { onExcessProperty: "error" })(fs.readFileSync(file, "utf8"))

export interface Measured {
  readonly mode: Mode
  readonly connections: number
  readonly cpu: number
  readonly tail: number
  /** Others took so much of the machine that latencies say nothing. */
  readonly isDisturbed: boolean
  readonly storedBytes: number
  readonly statements: number
}

export const figuresOf = (
  budget: Budget,
  measured: ReadonlyArray<Measured>,
  memory: { readonly peakMegabytes: number; readonly idleMegabytes: number }
): ReadonlyArray<Figure> => [
  ...measured.flatMap(
    ({ connections, cpu, isDisturbed, mode, statements, storedBytes, tail }): ReadonlyArray<Figure> => {
      const of = budget[mode]
      const at = `${mode} at ${connections}`
      return [
        { name: `${at}: CPU to the proxy's`, value: cpu, limit: of.cpu[connections] },
        { name: `${at}: p99 to p50`, value: tail, limit: isDisturbed ? undefined : of.tail[connections] },
        { name: `${at}: bytes stored a request`, value: storedBytes, limit: of.storedBytes },
        { name: `${at}: statements a request`, value: statements, limit: of.statements }
      ]
    }
  ),
  { name: "peak MB", value: memory.peakMegabytes, limit: budget.peakMegabytes },
  { name: "idle MB", value: memory.idleMegabytes, limit: budget.idleMegabytes }
]

/** What a figure is called, and how far it is above its limit. */
export const exceeded = (figures: ReadonlyArray<Figure>): ReadonlyArray<string> =>
  figures.flatMap(({ limit, name, value }) =>
    limit === undefined || !(value > limit)
      ? []
      : [`${name}: ${value.toFixed(2)}, the most is ${limit} (${Math.round((value / limit - 1) * 100)} % above)`]
  )
