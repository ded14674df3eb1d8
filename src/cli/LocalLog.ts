/** The event log, for commands that work without a server: of a data folder, or as a configuration file says. */
import { Effect, Layer, Option } from "effect"
import { apis } from "../apis/Apis.ts"
import { EventHub } from "../events/log/EventHub.ts"
import { EventLogOpenFailed } from "../events/log/EventLog.ts"
import * as Configuration from "../kernel/configuration/Configuration.ts"
import * as ConfigurationFile from "../kernel/configuration/ConfigurationFile.ts"
import * as ModuleSet from "../kernel/modules/ModuleSet.ts"
import { CurrentResourceKinds } from "../kernel/resources/ResourceKinds.ts"
import * as LogStorage from "./LogStorage.ts"
import * as Settings from "./Settings.ts"

/** Where the log is. */
export interface Place {
  readonly config: Option.Option<string>
  readonly data: Option.Option<string>
}

export const flags = { config: Settings.config, data: Settings.data }

/** `write` takes a data folder for itself: it fails beside a running server. */
export type Access = "read" | "write"

const kept = ({ config, data }: Place) =>
  Effect.map(
    Option.match(config, {
      onNone: () => Effect.succeed(Configuration.defaults),
      onSome: (file) => Effect.map(ConfigurationFile.load(file), ({ configuration }) => configuration)
    }),
    (configuration) => ({ ...configuration, data: Option.getOrElse(data, () => configuration.data) })
  )

/** A server that holds the folder can do the same. */
const explain = <E extends { readonly message: string }>(error: E) =>
  error instanceof EventLogOpenFailed && error.message.startsWith("Another Strata server")
    ? new EventLogOpenFailed({ message: `${error.message}, or ask the server: --url http://127.0.0.1:8321` })
    : error

/** The log with the tables kept with it. */
export const layer = (place: Place, access: Access) =>
  EventHub.layer().pipe(
    Layer.provideMerge(
      Layer.unwrap(Effect.map(kept(place), (settings) => LogStorage.layer(settings, access, apis.projections)))
    ),
    Layer.provide(apis.catalog.upcasting),
    Layer.provideMerge([
      Layer.succeed(CurrentResourceKinds, ModuleSet.resourceKinds(apis)),
      Layer.succeed(ModuleSet.Modules, apis)
    ]),
    Layer.catch((error) => Layer.effectContext(Effect.fail(explain(error))))
  )
