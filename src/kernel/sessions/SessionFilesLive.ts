/** Sessions out of the log into files, and back. */
import { Effect, Layer } from "effect"
import { SessionFileRefused, SessionFiles } from "../../apis/sessions/Sessions.ts"
import { EventHub } from "../../events/EventHub.ts"
import type { Principal } from "../../events/Principal.ts"
import { CurrentPrincipal } from "../../events/Principal.ts"
import { AccessControl } from "../access/AccessControl.ts"
import * as SessionFile from "../replay/SessionFile.ts"
import * as SessionExport from "./SessionExport.ts"
import * as SessionImport from "./SessionImport.ts"

export const layer = Layer.effect(
  SessionFiles,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const access = yield* AccessControl
    const mayAddTo = (id: string, owner: Principal | null) => access.permits("update", { type: "session", id, owner })
    return SessionFiles.of({
      lines: (id) => Effect.provideService(SessionExport.lines(hub, id), AccessControl, access),
      add: (lines) =>
        SessionFile.read(lines).pipe(
          Effect.catchIf(
            (error) => error instanceof SessionFile.SessionFileInvalid,
            ({ message }) => Effect.fail(new SessionFileRefused({ reason: "invalid", message }))
          ),
          Effect.flatMap((file) =>
            Effect.flatMap(
              CurrentPrincipal,
              (principal) => SessionImport.run(hub, file, { principal, mayAddTo })
            )
          )
        )
    })
  })
)
