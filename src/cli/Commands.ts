/** The commands of `strata`. A server waits for the files of no other command, so only the one that is named is loaded. */
import { Effect } from "effect"

const commands = {
  serve: () => import("./Serve.ts").then(({ serve }) => serve),
  init: () => import("./Init.ts").then(({ init }) => init),
  config: () => import("./ConfigCommand.ts").then(({ config }) => config),
  events: () => import("./Events.ts").then(({ events }) => events),
  sessions: () => import("./Sessions.ts").then(({ sessions }) => sessions),
  replay: () => import("./Replay.ts").then(({ replay }) => replay),
  fork: () => import("./Fork.ts").then(({ fork }) => fork),
  projections: () => import("./ProjectionsCommand.ts").then(({ projectionsCommand }) => projectionsCommand),
  providers: () => import("./ProvidersCommand.ts").then(({ providers }) => providers),
  usage: () => import("./UsageCommand.ts").then(({ usageCommand }) => usageCommand),
  costs: () => import("./CostsCommand.ts").then(({ costsCommand }) => costsCommand),
  chat: () => import("./ChatCommand.ts").then(({ chat }) => chat),
  keys: () => import("./Keys.ts").then(({ keys }) => keys)
}

type Name = keyof typeof commands
type AnyCommand = Awaited<ReturnType<(typeof commands)[Name]>>

const isName = (text: string): text is Name => Object.hasOwn(commands, text)

/** Those that the arguments may mean: the first that is named, or all, for help and for who mistypes. */
export const of = (args: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<AnyCommand>> => {
  const named = args.find(isName)
  const names = named === undefined ? Object.keys(commands).filter(isName) : [named]
  return Effect.promise(() => Promise.all(names.map((name) => commands[name]())))
}
