/** Sessions out of the log into files, and back. */
import { Effect, Layer } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import * as SessionFile from "../../kernel/replay/SessionFile.ts"
import { CurrentResourceKinds } from "../../kernel/resources/ResourceKinds.ts"
import { SessionFileRefused } from "../../kernel/sessions/SessionErrors.ts"
import * as SessionExport from "../../kernel/sessions/SessionExport.ts"
import * as SessionImport from "../../kernel/sessions/SessionImport.ts"
import { SessionFiles } from "./Sessions.ts"

export const layer = Layer.effect(
  SessionFiles,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const access = yield* AccessControl
    const kinds = yield* CurrentResourceKinds
    const mayAddTo = (id: string, owner: Principal | null) => access.permits("update", { type: "session", id, owner })
    return SessionFiles.of({
      lines: (id) =>
        SessionExport.lines(hub, id).pipe(
          Effect.provideService(AccessControl, access),
          Effect.provideService(CurrentResourceKinds, kinds)
        ),
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
