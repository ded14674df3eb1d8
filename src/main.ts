/** The program: the `strata` command. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Random } from "effect"
import { Command } from "effect/cli"
import { config } from "./cli/ConfigCommand.ts"
import { events } from "./cli/Events.ts"
import { teardown } from "./cli/Failure.ts"
import { fork } from "./cli/Fork.ts"
import { init } from "./cli/Init.ts"
import { keys } from "./cli/Keys.ts"
import { projectionsCommand } from "./cli/ProjectionsCommand.ts"
import { providers } from "./cli/ProvidersCommand.ts"
import { replay } from "./cli/Replay.ts"
import * as SecondSignal from "./cli/SecondSignal.ts"
import { serve } from "./cli/Serve.ts"
import { sessions } from "./cli/Sessions.ts"
import { version } from "./kernel/http/Version.ts"
import * as StrongRandom from "./kernel/requests/StrongRandom.ts"

SecondSignal.endAtSecond()

Command.make("strata").pipe(
  Command.withDescription("One server in front of every model vendor, where every request and response is an event"),
  Command.withSubcommands([serve, init, config, events, sessions, replay, fork, projectionsCommand, providers, keys]),
  Command.run({ version }),
  Effect.provide(NodeServices.layer),
  Effect.provideService(Random.Random, StrongRandom.random),
  NodeRuntime.runMain({ teardown })
)
