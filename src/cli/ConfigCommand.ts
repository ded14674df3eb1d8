/** `strata config`: what can be known of a configuration before a server runs with it. */
import { Command } from "effect/cli"
import { check } from "./ConfigCheck.ts"
import { schema } from "./ConfigSchema.ts"

export const config = Command.make("config").pipe(
  Command.withDescription("Check a configuration file; its JSON Schema for editors"),
  Command.withSubcommands([check, schema])
)
