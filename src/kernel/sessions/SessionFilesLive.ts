/** Sessions out of the log into files, and back. */
import { Effect, Layer } from "effect"
import { SessionFileRefused, SessionFiles } from "../../apis/sessions/Sessions.ts"
import { EventHub } from "../../events/EventHub.ts"
import * as SessionFile from "../replay/SessionFile.ts"
import * as SessionExport from "./SessionExport.ts"
import * as SessionImport from "./SessionImport.ts"

export const layer = Layer.effect(
  SessionFiles,
  Effect.map(EventHub, (hub) =>
    SessionFiles.of({
      lines: (id) => SessionExport.lines(hub, id),
      add: (lines) =>
        SessionFile.read(lines).pipe(
          Effect.catchIf(
            (error) => error instanceof SessionFile.SessionFileInvalid,
            ({ message }) => Effect.fail(new SessionFileRefused({ reason: "invalid", message }))
          ),
          Effect.flatMap((file) => SessionImport.run(hub, file))
        )
    }))
)
