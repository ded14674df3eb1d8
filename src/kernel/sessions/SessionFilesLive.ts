/** Sessions out of the log into files, and back. */
import { Effect, Layer, Option } from "effect"
import type { SessionFileRefused } from "../../apis/sessions/Sessions.ts"
import { SessionFiles } from "../../apis/sessions/Sessions.ts"
import { EventHub } from "../../events/EventHub.ts"
import { CurrentPrincipal } from "../../events/Principal.ts"
import { AccessControl } from "../access/AccessControl.ts"
import { Contributions } from "../contributions/Contributions.ts"
import * as EventDefinitions from "../contributions/EventDefinitions.ts"
import * as SessionFile from "../replay/SessionFile.ts"
import { allKinds } from "../ResourceKinds.ts"
import * as ImportedEvent from "./ImportedEvent.ts"
import { refused } from "./ImportedParts.ts"
import * as SessionExport from "./SessionExport.ts"
import * as SessionImport from "./SessionImport.ts"
import type { Importer } from "./SessionImportPlan.ts"

const unread = ({ message, path }: SessionFile.SessionFileInvalid): SessionFileRefused =>
  refused(`${message}.`, path === "" ? null : path)

export const layer = Layer.effect(
  SessionFiles,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const access = yield* AccessControl
    const kinds = yield* allKinds
    // There are none where there is no server.
    const contributions = yield* Effect.serviceOption(Contributions)
    const may: Importer["may"] = (action, id, owner) => access.permits(action, { type: "session", id, owner })

    const check = Effect.map(
      Option.match(contributions, {
        onNone: () => Effect.succeed([]),
        onSome: (each) => each.collect(EventDefinitions.channel)
      }),
      (contributed) => ImportedEvent.checker(kinds, contributed.flat())
    )

    return SessionFiles.of({
      lines: (id) => Effect.provideService(SessionExport.lines(hub, id), AccessControl, access),
      add: Effect.fnUntraced(function*(lines) {
        const file = yield* SessionFile.read(lines).pipe(
          Effect.catchIf(
            (error) => error instanceof SessionFile.SessionFileInvalid,
            (error) => Effect.fail(unread(error))
          )
        )
        return yield* SessionImport.run(hub, file, yield* check, { principal: yield* CurrentPrincipal, may })
      })
    })
  })
)
