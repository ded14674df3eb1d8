/** The program: the `strata` command. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Random } from "effect"
import { Command } from "effect/cli"
import * as Commands from "./cli/Commands.ts"
import { teardown } from "./cli/Failure.ts"
import * as SecondSignal from "./cli/SecondSignal.ts"
import { version } from "./kernel/http/Version.ts"
import * as StrongRandom from "./kernel/requests/StrongRandom.ts"

SecondSignal.endAtSecond()

const program = Command.make("strata").pipe(
  Command.withDescription("One server in front of every model vendor, where every request and response is an event")
)

Commands.of(process.argv.slice(2)).pipe(
  Effect.flatMap((commands) => program.pipe(Command.withSubcommands(commands), Command.run({ version }))),
  Effect.provide(NodeServices.layer),
  Effect.provideService(Random.Random, StrongRandom.random),
  NodeRuntime.runMain({ teardown })
)
