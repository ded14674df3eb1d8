/** `strata replay`: shows a recorded session again, or verifies that it would run the same. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Console, Effect, Layer, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import type { RecordedEvent } from "../events/Envelope.ts"
import { toWire } from "../events/Envelope.ts"
import { EventHub } from "../events/EventHub.ts"
import { readAll } from "../events/ReadAll.ts"
import * as SqliteStore from "../events/sqlite/SqliteStore.ts"
import * as EventCatalog from "../kernel/EventCatalog.ts"
import { RecordingUnavailable } from "../kernel/replay/SessionRecordings.ts"
import { registry } from "../providers/Registry.ts"
import * as Verifier from "../server/Verifier.ts"
import * as EventLine from "./EventLine.ts"
import { CommandFailed, failWithMessage } from "./Failure.ts"
import * as Settings from "./Settings.ts"
import * as VerifyReport from "./VerifyReport.ts"

const flags = {
  session: Argument.String("session").pipe(Argument.withDescription("Id of the session")),
  verify: Flag.Boolean("verify").pipe(
    Flag.withDescription("Run its requests again with the network replaced by the recording, and compare"),
    Flag.withDefault(false)
  ),
  speed: Flag.Finite("speed").pipe(
    Flag.withDescription("Show the events with their times, so many times faster; 0: at once"),
    Flag.withDefault(0)
  ),
  data: Settings.data
}

/** Each event after the pause that was before it. */
const show = (events: ReadonlyArray<RecordedEvent>, speed: number) =>
  Stream.fromIterable(
    events.map((event, index) => ({ event, pause: event.time - (events[index - 1]?.time ?? event.time) }))
  ).pipe(
    Stream.tap(({ pause }) => speed > 0 && pause > 0 ? Effect.sleep(pause / speed) : Effect.void),
    Stream.runForEach(({ event }) => Console.log(EventLine.text(toWire(event))))
  )

const run = Effect.fn("replay")(function*(session: string, verify: boolean, speed: number) {
  if (!verify) {
    const events = yield* readAll(yield* EventHub, { sessionId: session })
    if (events.length === 0) {
      return yield* new RecordingUnavailable({ source: session, detail: "there is no such session" })
    }
    return yield* show(events, speed)
  }
  const report = yield* Verifier.verify(registry, session)
  yield* Console.log(VerifyReport.text(report))
  return report.divergence === undefined ? undefined : yield* new CommandFailed()
})

export const replay = Command.make("replay", flags, ({ data, session, speed, verify }) => {
  const log = SqliteStore.layer({ folder: Settings.dataFolder(data), access: "read" })
  return run(session, verify, speed).pipe(
    Effect.provide(
      EventHub.layer().pipe(
        Layer.provide(log),
        Layer.provide(EventCatalog.upcasting),
        Layer.provideMerge(NodeHttpServer.layerHttpServices)
      )
    ),
    failWithMessage
  )
}).pipe(Command.withDescription("Show a recorded session again, or verify that it would run the same"))
