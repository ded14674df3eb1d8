/** What `strata serve` runs with: flags before environment before configuration file before defaults. */
import { Effect, Option } from "effect"
import { Config } from "effect"
import { Flag } from "effect/cli"
import { apis } from "../apis/Apis.ts"
import { problem } from "../kernel/configuration/AllowedHosts.ts"
import type * as Configuration from "../kernel/configuration/Configuration.ts"
import * as ConfigurationCheck from "../kernel/configuration/ConfigurationCheck.ts"
import * as ConfigurationFile from "../kernel/configuration/ConfigurationFile.ts"
import type { AnyApiModule } from "../kernel/modules/ApiModule.ts"
import type { AnyApi, BaseOf, Definition, ErrorOf } from "../kernel/provider/Provider.ts"
import type { SkippedProvider } from "../kernel/provider/ProviderEntry.ts"
import { registry } from "../providers/Registry.ts"
import * as StarterConfiguration from "./StarterConfiguration.ts"

export const data = Flag.String("data").pipe(
  Flag.withDescription("Folder of everything Strata stores (STRATA_DATA, default .strata)"),
  Flag.withFallbackConfig(Config.String("STRATA_DATA")),
  Flag.optional
)

export const config = Flag.String("config").pipe(
  Flag.withDescription("YAML configuration file (STRATA_CONFIG, default: what is found on this machine)"),
  Flag.withFallbackConfig(Config.String("STRATA_CONFIG")),
  Flag.optional
)

const namesOf = (text: string): Option.Option<ReadonlyArray<string>> => {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "")
  return names.every((name) => problem(name) === undefined) ? Option.some(names) : Option.none()
}

export const flags = {
  host: Flag.String("host").pipe(
    Flag.withDescription("Address to listen on (STRATA_HOST, default 127.0.0.1)"),
    Flag.withFallbackConfig(Config.String("STRATA_HOST")),
    Flag.optional
  ),
  port: Flag.Int("port").pipe(
    Flag.withDescription("Port to listen on, 0 for any free one (STRATA_PORT, default 8321)"),
    Flag.withFallbackConfig(Config.Int("STRATA_PORT")),
    Flag.filter((port) => port >= 0 && port <= 65_535, (port) => `Expected a port from 0 to 65535, got ${port}`),
    Flag.optional
  ),
  allowedHosts: Flag.String("allowed-hosts").pipe(
    Flag.withDescription(
      "Names this server is reached by, besides localhost and --host, with commas (STRATA_ALLOWED_HOSTS)"
    ),
    Flag.withFallbackConfig(Config.String("STRATA_ALLOWED_HOSTS")),
    Flag.filterMap(namesOf, (text) => `Expected names or addresses with commas, got ${text}`),
    Flag.optional
  ),
  config,
  data
}

interface Flags {
  readonly host: Option.Option<string>
  readonly allowedHosts: Option.Option<ReadonlyArray<string>>
  readonly port: Option.Option<number>
  readonly config: Option.Option<string>
  readonly data: Option.Option<string>
}

type Types = (typeof registry)[number]

/** A provider type that fails and needs what those that Strata brings do. */
export type ProviderType = Definition<AnyApi, ErrorOf<Types>, BaseOf<Types>>

export interface Settings {
  readonly configuration: Configuration.Configuration
  readonly skipped: ReadonlyArray<SkippedProvider>
  /** Default: those Strata brings. What comes from modules needs no more than they do. */
  readonly types?: ReadonlyArray<ProviderType>
  /** The APIs of modules. */
  readonly external?: ReadonlyArray<AnyApiModule>
}

/** The APIs that Strata's own types are providers of. */
const providable: ReadonlySet<string> = new Set(registry.map(({ api }) => api.name))

/** Reads and checks a file with all it names. */
export const fromFile = Effect.fn("Settings.fromFile")(function*(file: string) {
  const read = yield* ConfigurationFile.read(file, providable)
  if (read.leftOut.length > 0) {
    yield* Effect.logWarning(
      `${file} is a Llama Stack's: what Strata has no use for is left out: ${read.leftOut.join(", ")}`
    )
  }
  const checked = yield* ConfigurationCheck.check(read, registry, apis)
  return { ...checked, types: checked.types as unknown as ReadonlyArray<ProviderType> }
})

/** Of a file, or of what is found on this machine. */
export const find = Effect.fn("Settings.find")(function*(file: Option.Option<string>) {
  const settings: Settings = Option.isSome(file) ? yield* fromFile(file.value) : yield* StarterConfiguration.detect
  return settings
})

export const load = Effect.fn("Settings.load")(function*(flags: Flags) {
  const detected = yield* find(flags.config)
  const { configuration } = detected
  const { server } = configuration
  const settings: Settings = {
    ...detected,
    configuration: {
      ...configuration,
      data: Option.getOrElse(flags.data, () => configuration.data),
      server: {
        ...server,
        host: Option.getOrElse(flags.host, () => server.host),
        port: Option.getOrElse(flags.port, () => server.port),
        ...Option.match(flags.allowedHosts, {
          onNone: () => ({}),
          onSome: (allowed_hosts) => ({ allowed_hosts })
        })
      }
    }
  }
  return settings
})
