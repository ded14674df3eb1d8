/** Sessions out of the log into files, and back. */
import { Effect, Layer, Option } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import { Contributions } from "../../kernel/contributions/Contributions.ts"
import * as EventDefinitions from "../../kernel/contributions/EventDefinitions.ts"
import type { SessionFileRefused } from "../../kernel/http/SessionErrors.ts"
import { Modules } from "../../kernel/modules/ModuleSet.ts"
import { CurrentResourceKinds } from "../../kernel/resources/ResourceKinds.ts"
import * as ImportedEvent from "../../kernel/sessions/ImportedEvent.ts"
import { refused } from "../../kernel/sessions/ImportedParts.ts"
import * as SessionExport from "../../kernel/sessions/SessionExport.ts"
import * as SessionFile from "../../kernel/sessions/SessionFile.ts"
import * as SessionImport from "../../kernel/sessions/SessionImport.ts"
import type { Importer } from "../../kernel/sessions/SessionImportPlan.ts"
import { SessionFiles } from "./Sessions.ts"

const unread = ({ message, path }: SessionFile.SessionFileInvalid): SessionFileRefused =>
  refused(`${message}.`, path === "" ? null : path)

export const layer = Layer.effect(
  SessionFiles,
  Effect.gen(function*() {
    const hub = yield* EventHub
    const access = yield* AccessControl
    const kinds = yield* CurrentResourceKinds
    const { catalog } = yield* Modules
    // There are none where there is no server.
    const contributions = yield* Effect.serviceOption(Contributions)
    const may: Importer["may"] = (action, id, owner) => access.permits(action, { type: "session", id, owner })

    const check = Effect.map(
      Option.match(contributions, {
        onNone: () => Effect.succeed([]),
        onSome: (each) => each.collect(EventDefinitions.channel(catalog.find))
      }),
      (contributed) => ImportedEvent.checker(catalog, kinds.all, contributed.flat())
    )

    return SessionFiles.of({
      lines: (id) =>
        SessionExport.lines(hub, id).pipe(
          Effect.provideService(AccessControl, access),
          Effect.provideService(CurrentResourceKinds, kinds)
        ),
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
