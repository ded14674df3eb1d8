/** What `strata serve` runs with: flags before environment before configuration file before defaults. */
import { Effect, Option } from "effect"
import { Config } from "effect"
import { Flag } from "effect/cli"
import type * as Configuration from "../kernel/config/Configuration.ts"
import * as ConfigurationFile from "../kernel/config/ConfigurationFile.ts"
import type { SkippedProvider } from "../kernel/config/SkippedProviders.ts"
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
  config,
  data
}

interface Flags {
  readonly host: Option.Option<string>
  readonly port: Option.Option<number>
  readonly config: Option.Option<string>
  readonly data: Option.Option<string>
}

export interface Settings {
  readonly configuration: Configuration.Configuration
  readonly skipped: ReadonlyArray<SkippedProvider>
}

export const load = Effect.fn("Settings.load")(function*(flags: Flags) {
  const { configuration, skipped } = yield* Option.match(flags.config, {
    onSome: ConfigurationFile.load,
    onNone: () => StarterConfiguration.detect
  })
  const { server } = configuration
  const settings: Settings = {
    configuration: {
      ...configuration,
      data: Option.getOrElse(flags.data, () => configuration.data),
      server: {
        ...server,
        host: Option.getOrElse(flags.host, () => server.host),
        port: Option.getOrElse(flags.port, () => server.port)
      }
    },
    skipped
  }
  return settings
})
