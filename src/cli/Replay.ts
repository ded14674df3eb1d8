/** `strata replay`: shows a recorded session again, or verifies that sessions would run the same. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Console, Data, Effect, Layer, Logger, Option, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { apis } from "../apis/Apis.ts"
import { EventHub } from "../events/log/EventHub.ts"
import { readAll } from "../events/log/ReadAll.ts"
import { toJsonText, toWire } from "../events/types/Envelope.ts"
import { CurrentTenant } from "../events/types/Tenant.ts"
import { defaults } from "../kernel/configuration/Configuration.ts"
import { SessionNotFound } from "../kernel/http/SessionErrors.ts"
import * as ModuleSet from "../kernel/modules/ModuleSet.ts"
import * as Pacing from "../kernel/sessions/Pacing.ts"
import { Supervision } from "../kernel/stack/Supervision.ts"
import * as SupervisionConfiguration from "../kernel/stack/SupervisionConfiguration.ts"
import { registry } from "../providers/Registry.ts"
import * as EventLine from "./EventLine.ts"
import { failWith, failWithMessage, wrongUse } from "./Failure.ts"
import * as LocalLog from "./LocalLog.ts"
import * as Settings from "./Settings.ts"
import * as Verification from "./Verification.ts"

class NothingToShow extends Data.TaggedError("NothingToShow")<{ readonly message: string }> {}

const flags = {
  session: Argument.String("session").pipe(
    Argument.withDescription("Id of the session; with --verify, none stands for all"),
    Argument.optional
  ),
  verify: Flag.Boolean("verify").pipe(
    Flag.withDescription("Run its requests again with the network replaced by the recording, and compare"),
    Flag.withDefault(false)
  ),
  all: Flag.Boolean("all").pipe(
    Flag.withDescription("With --verify: every session of the log, a line each"),
    Flag.withDefault(false)
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("A JSON object a line: events, or the outcome of each verification"),
    Flag.withDefault(false)
  ),
  speed: Flag.Finite("speed").pipe(
    Flag.withDescription("Show the events with the pauses they had, so many times faster; 0: at once"),
    Flag.withDefault(0)
  ),
  maxPause: Flag.Finite("max-pause").pipe(
    Flag.withDescription("Longer pauses count as this long, in milliseconds"),
    Flag.withDefault(5000)
  ),
  ...LocalLog.flags
}

const show = Effect.fn("replay.show")(function*(session: string, json: boolean, pace: Pacing.Pace) {
  const events = yield* readAll(yield* EventHub, { tenant: yield* CurrentTenant, sessionId: session })
  if (events.length === 0) return yield* new SessionNotFound({ session_id: session })
  yield* Pacing.paced(Stream.fromIterable(events), pace).pipe(
    Stream.runForEach((event) => Console.log(json ? toJsonText(event) : EventLine.text(toWire(event))))
  )
})

const withoutConfiguration = {
  types: registry as ReadonlyArray<Settings.ProviderType>,
  external: [],
  configuration: defaults
}

/** The provider types a verification runs on: with those of a configuration's modules, and their APIs. */
const runningOn = (config: Option.Option<string>) =>
  Option.match(config, { onNone: () => Effect.succeed(withoutConfiguration), onSome: Settings.fromFile })

interface Options {
  readonly session: Option.Option<string>
  readonly verify: boolean
  readonly all: boolean
  readonly json: boolean
  readonly pace: Pacing.Pace
  readonly config: Option.Option<string>
}

const run = Effect.fn("replay")(function*(options: Options) {
  const { all, config, json, pace, verify: verifies } = options
  const session = Option.getOrUndefined(all ? Option.none() : options.session)
  if (!verifies) {
    return session === undefined
      ? yield* new NothingToShow({ message: "Name the session to show, or verify all: strata replay --verify" })
      : yield* show(session, json, pace)
  }
  const { configuration, external, types } = yield* runningOn(config)
  return yield* Verification.verify({ session, json, types }).pipe(
    Effect.provideService(ModuleSet.Modules, ModuleSet.withExternal(apis, external)),
    Effect.provideService(Supervision, SupervisionConfiguration.toOptions(configuration.supervision))
  )
})

export const replay = Command.make("replay", flags, ({ config, data, maxPause, speed, ...options }) => {
  const store = LocalLog.layer({ config, data }, "read")
  return run({ ...options, config, pace: { speed, maxPause } }).pipe(
    Effect.provide(store.pipe(Layer.provideMerge(NodeHttpServer.layerHttpServices))),
    // What is printed is the outcome, line by line.
    Effect.provideService(Logger.LogToStderr, true),
    options.verify ? failWith(wrongUse) : failWithMessage
  )
}).pipe(Command.withDescription("Show a recorded session again, or verify that sessions would run the same"))
