/** A whole Strata in this process: the server of `strata serve` on a free port, its log in a folder of its own. */
import { NodeServices } from "@effect/platform-node"
import { Context, Effect, Exit, Layer, Schema, Scope, Stream, SubscriptionRef } from "effect"
import { HttpServer } from "effect/http"
import { channel } from "node:diagnostics_channel"
import { Events } from "../../src/apis/events/Events.ts"
import type { Inference } from "../../src/apis/inference/Inference.ts"
import * as Serve from "../../src/cli/Serve.ts"
import type { ProviderType } from "../../src/cli/Settings.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import type { Filter } from "../../src/events/log/EventLog.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { systemName } from "../../src/events/types/SystemPrincipal.ts"
import { Authentication } from "../../src/kernel/access/AuthenticationConfiguration.ts"
import { Quota } from "../../src/kernel/access/QuotaConfiguration.ts"
import type { Configuration, RecordingLevel } from "../../src/kernel/configuration/Configuration.ts"
import { defaults } from "../../src/kernel/configuration/Configuration.ts"
import type { AnyApiModule } from "../../src/kernel/modules/ApiModule.ts"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import type { Requests } from "../../src/kernel/requests/Requests.ts"
import * as EventSamples from "./EventSamples.ts"
import type { FakeUpstream } from "./FakeUpstream.ts"
import { listening } from "./Listening.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

export interface StrataOptions {
  readonly providers?: ReadonlyArray<ProviderEntry>
  /** Those of other APIs. */
  readonly more?: Configuration["providers"]
  /** Provider types; default those Strata brings. */
  readonly types?: ReadonlyArray<ProviderType>
  /** Hooks and contributions; default none. */
  readonly extensions?: Serve.Extensions
  /** APIs from outside; default none. */
  readonly external?: ReadonlyArray<AnyApiModule>
  /** Names of the APIs to serve; default all. */
  readonly apis?: ReadonlyArray<string>
  readonly logging?: Configuration["logging"]["level"]
  readonly hooks?: Partial<Configuration["hooks"]>
  readonly maxBodyBytes?: number
  readonly level?: RecordingLevel
  readonly heartbeatMs?: number
  /** Default: any free one. */
  readonly port?: number
  /** Of the section `recording`, besides the level. */
  readonly recording?: Partial<Configuration["recording"]>
  /** Of the section `server`. */
  readonly server?: Partial<Configuration["server"]>
  /** `server.auth`, as a file writes it. */
  readonly auth?: typeof Authentication.Encoded
  /** `server.quota`, as a file writes it. */
  readonly quota?: typeof Quota.Encoded
  /** `supervision`: how providers are looked after. */
  readonly supervision?: Partial<Configuration["supervision"]>
  /** Of the section `work`. */
  readonly work?: Partial<Configuration["work"]>
  /** `registered_resources.models`. */
  readonly models?: Configuration["registered_resources"]["models"]
  /** `registered_resources.tool_groups`. */
  readonly toolGroups?: Configuration["registered_resources"]["tool_groups"]
  /** The data folder; default a new one that is removed in the end. */
  readonly folder?: string
}

export interface Strata {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly folder: string
  /** What is in the log now. */
  readonly events: (filter?: Filter) => Effect.Effect<ReadonlyArray<RecordedEvent>>
  /** Waits until so many events that fit are in the log. */
  readonly awaitEvents: (filter: Filter, count?: number) => Effect.Effect<ReadonlyArray<RecordedEvent>>
  /** Waits until so many follow the events. */
  readonly awaitFollowers: (count: number) => Effect.Effect<void>
  /** Runs with the server's services, in this process: what is asked goes over no wire. */
  readonly inProcess: <A, E>(effect: Effect.Effect<A, E, Requests | Inference | EventHub>) => Effect.Effect<A, E>
  /** The server is stopped and its log closed. */
  readonly close: Effect.Effect<void>
}

const settingsOf = (options: StrataOptions, folder: string) => ({
  configuration: {
    ...defaults,
    ...options.apis === undefined ? {} : { apis: options.apis },
    logging: { level: options.logging ?? defaults.logging.level },
    data: folder,
    hooks: { ...defaults.hooks, ...options.hooks },
    providers: { inference: options.providers ?? [], ...options.more },
    supervision: { ...defaults.supervision, ...options.supervision },
    work: { ...defaults.work, ...options.work },
    registered_resources: { models: options.models ?? [], tool_groups: options.toolGroups ?? [] },
    recording: { ...defaults.recording, level: options.level ?? defaults.recording.level, ...options.recording },
    server: {
      ...defaults.server,
      port: options.port ?? 0,
      max_body_bytes: options.maxBodyBytes ?? defaults.server.max_body_bytes,
      shutdown_timeout_ms: 2000,
      ...options.server,
      events_heartbeat_ms: options.heartbeatMs ?? defaults.server.events_heartbeat_ms,
      ...options.auth === undefined ? {} : { auth: Schema.decodeSync(Authentication)(options.auth) },
      ...options.quota === undefined ? {} : { quota: Schema.decodeSync(Quota)(options.quota) }
    }
  },
  skipped: [],
  external: options.external ?? []
})

type Start = (options: StrataOptions) => Effect.Effect<Strata, never, Scope.Scope>

/** What stands behind the server that a test asks for: `test/support/StrataBehindStrata.ts` puts another there. */
export const Arrangement = Context.Reference<(start: Start) => Start>("test/support/Strata/Arrangement", {
  defaultValue: () => (start) => start
})

const start = Effect.fnUntraced(function*(options: StrataOptions): Effect.fn.Return<Strata, never, Scope.Scope> {
  const folder = options.folder ?? (yield* TemporaryFolder.make)
  const scope = yield* Scope.fork(yield* Effect.scope)
  const server = Serve.server(settingsOf(options, folder), options.types, options.extensions).pipe(
    Layer.provide(NodeServices.layer)
  )
  // A memo map of its own: two servers in one process share nothing.
  const context = yield* Effect.orDie(Layer.buildWithMemoMap(server, Layer.makeMemoMapUnsafe(), scope))
  const hub = Context.get(context, EventHub)
  yield* Scope.addFinalizer(scope, Effect.map(Effect.orDie(readAll(hub, {})), EventSamples.store))
  const url = HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address)
  channel(listening).publish(url)
  return {
    url,
    folder,
    events: (filter = {}) => Effect.orDie(readAll(hub, filter)),
    awaitEvents: (filter, count = 1) => hub.follow(filter).pipe(Stream.take(count), Stream.runCollect, Effect.orDie),
    awaitFollowers: (count) =>
      SubscriptionRef.changes(Context.get(context, Events).followers).pipe(
        Stream.filter((current) => current === count),
        Stream.take(1),
        Stream.runDrain
      ),
    inProcess: (effect) => Effect.provide(effect, context),
    close: Scope.close(scope, Exit.void)
  }
})

const make = (options: StrataOptions = {}): ReturnType<Start> =>
  Effect.flatMap(Arrangement, (arranged) => arranged(start)(options))

/** A `remote::openai` entry that asks a fake upstream. */
const openAi = (upstream: FakeUpstream, config: ProviderEntry["config"] = {}, provider_id = "upstream") => ({
  provider_id,
  provider_type: "remote::openai",
  config: { base_url: upstream.url, ...config }
})

/** What clients asked for, and what no request led to; not what the server did of itself. */
const ofClients = (events: ReadonlyArray<RecordedEvent>) => events.filter(({ principal }) => principal !== systemName)

export const Strata = { make, ofClients, openAi }
