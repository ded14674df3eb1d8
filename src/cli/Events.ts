/** `strata events`: the commands about the event log. */
import { Command } from "effect/cli"
import { catalog } from "./EventsCatalog.ts"
import { tail } from "./EventsTail.ts"

export const events = Command.make("events").pipe(
  Command.withDescription("Watch the event log, and read what there can be in it"),
  Command.withSubcommands([tail, catalog])
)
