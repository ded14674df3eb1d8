/** Runs a command in this process: faster than a process of its own, and without its main program. */
import { NodeServices } from "@effect/platform-node"
import { ConfigProvider, Console, Effect } from "effect"
import { Command } from "effect/cli"

interface Result {
  readonly code: 0 | 1
  readonly stdout: string
  readonly stderr: string
}

/** `environment` is all it sees of the environment. */
export const run = <const Name extends string, Input, E, ContextInput>(
  command: Command.Command<Name, Input, ContextInput, E, NodeServices.NodeServices>,
  args: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>> = {}
): Effect.Effect<Result> => {
  const printed = { stdout: "", stderr: "" }
  const into = (stream: keyof typeof printed) => (...values: ReadonlyArray<unknown>) => {
    printed[stream] += `${values.join(" ")}\n`
  }
  const output: Console.Console = Object.assign(Object.create(globalThis.console), {
    log: into("stdout"),
    error: into("stderr")
  })
  return Command.runWith(command, { version: "0" })(args).pipe(
    Effect.provide([NodeServices.layer, ConfigProvider.layer(ConfigProvider.fromEnv({ env: environment }))]),
    Effect.provideService(Console.Console, output),
    Effect.match({ onSuccess: () => 0 as const, onFailure: () => 1 as const }),
    Effect.map((code) => ({ code, ...printed }))
  )
}
