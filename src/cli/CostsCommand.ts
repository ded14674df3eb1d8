/** `strata costs recompute`: the costs of all recorded calls, with the prices of now. */
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { CallCosts } from "../apis/usage/CallCosts.ts"
import type { Recomputed } from "../kernel/cost/Recomputation.ts"
import * as Recomputation from "../kernel/cost/Recomputation.ts"
import { failWithMessage } from "./Failure.ts"
import * as LocalLog from "./LocalLog.ts"
import * as TextTable from "./TextTable.ts"
import { costText } from "./UsageReport.ts"

const columns = [
  { title: "provider" },
  { title: "model" },
  { title: "calls", right: true },
  { title: "before USD", right: true },
  { title: "after USD", right: true }
]

/** What changed, and what it is all together. */
export const lines = ({ after, before, changed, changes }: Recomputed): ReadonlyArray<string> => [
  `${after.call_count} calls, ${changed} of them with another cost than before`,
  ...changes.length === 0 ? [] : TextTable.lines(
    columns,
    changes.map(({ after, before, calls, model, provider }) => [
      provider,
      model,
      String(calls),
      costText(before),
      costText(after)
    ])
  ),
  `All together: ${costText(before)} USD before, ${costText(after)} USD after`,
  ...after.unpriced.map(({ model, provider, reason }) => `No cost of ${provider} ${model}: ${reason}`)
]

const recompute = Command.make("recompute", LocalLog.flags, (place) =>
  Effect.flatMap(
    Recomputation.run(CallCosts, () => Effect.void),
    (recomputed) => Effect.forEach(lines(recomputed), (line) => Console.log(line), { discard: true })
  ).pipe(Effect.provide(LocalLog.layer(place, "write")), failWithMessage)).pipe(
    Command.withDescription(
      "Compute the cost of every recorded call anew, with the prices of the configuration and the public ones as they " +
        "are in this version of Strata; on a data folder the server must be stopped"
    )
  )

export const costsCommand = Command.make("costs").pipe(
  Command.withDescription("What recorded calls cost"),
  Command.withSubcommands([recompute])
)
