/** Sessions out of the log into files, and back. */
import { Effect, Option } from "effect"
import type { Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import type { Contributions } from "../contributions/Contributions.ts"
import * as EventDefinitions from "../contributions/EventDefinitions.ts"
import type { SessionFileRefused } from "../http/SessionErrors.ts"
import type { ResourceKinds } from "../resources/ResourceKinds.ts"
import * as ImportedEvent from "./ImportedEvent.ts"
import { refused } from "./ImportedParts.ts"
import * as SessionFile from "./SessionFile.ts"
import type { SessionGuard } from "./SessionGuard.ts"
import * as SessionImport from "./SessionImport.ts"

const unreadable = ({ message, path }: SessionFile.SessionFileInvalid): SessionFileRefused =>
  refused(`${message}.`, path === "" ? null : path)

/** What files may bring in: the events of a catalog, and those that are contributed where there is a server. */
export const checker = (
  catalog: ImportedEvent.Catalog,
  kinds: ResourceKinds,
  contributions: Option.Option<Contributions["Service"]>
) =>
  Effect.map(
    Option.match(contributions, {
      onNone: () => Effect.succeed([]),
      onSome: (each) => each.collect(EventDefinitions.channel(catalog.find))
    }),
    (contributed) => ImportedEvent.checker(catalog, kinds.all, contributed.flat())
  )

/** Adds the session of a file, all of it or nothing. */
export const add = Effect.fnUntraced(function*<E, R>(
  hub: Pick<EventHub["Service"], "append" | "read">,
  check: Effect.Effect<ReturnType<typeof ImportedEvent.checker>>,
  { permits }: Pick<SessionGuard, "permits">,
  lines: Stream.Stream<string, E, R>
) {
  const file = yield* SessionFile.read(lines).pipe(
    Effect.catchIf(
      (error) => error instanceof SessionFile.SessionFileInvalid,
      (error) => Effect.fail(unreadable(error))
    )
  )
  return yield* SessionImport.run(hub, file, yield* check, { principal: yield* CurrentPrincipal, permits })
})
