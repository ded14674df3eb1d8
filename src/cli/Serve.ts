/** `strata serve`: the server. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Console, Effect, Function, Layer, Option, References } from "effect"
import { Command, GlobalFlag } from "effect/cli"
import { HttpClient, HttpServer } from "effect/http"
import * as Apis from "../apis/Apis.ts"
import { Heartbeat } from "../apis/events/Events.ts"
import { InferenceApi } from "../apis/inference/InferenceApi.ts"
import { RegisteredModels } from "../apis/models/ModelRegistry.ts"
import { ModelsKind } from "../apis/models/ModelsKind.ts"
import { Providers } from "../apis/providers/Providers.ts"
import { RegisteredToolGroups } from "../apis/tool-groups/ToolGroupRegistry.ts"
import { EventHub } from "../events/log/EventHub.ts"
import * as LiveEvents from "../events/log/LiveEvents.ts"
import { ProjectionTables } from "../events/log/ProjectionTables.ts"
import { ConfiguredRules, Rules } from "../events/redaction/RedactionRules.ts"
import { ConfiguredSecrets, Secrets } from "../events/redaction/Secrets.ts"
import { atMost } from "../events/types/Event.ts"
import { defaultTenant } from "../events/types/Tenant.ts"
import { AccessControl } from "../kernel/access/AccessControl.ts"
import * as PolicyInForce from "../kernel/access/PolicyInForce.ts"
import * as RoutePolicy from "../kernel/access/RoutePolicy.ts"
import * as RecordingHttpClient from "../kernel/calls/RecordingHttpClient.ts"
import * as VendorClient from "../kernel/client/VendorClient.ts"
import * as CorsConfiguration from "../kernel/configuration/CorsConfiguration.ts"
import { toLogLevel } from "../kernel/configuration/LoggingConfiguration.ts"
import * as RetentionConfiguration from "../kernel/configuration/RetentionConfiguration.ts"
import { Contributions } from "../kernel/contributions/Contributions.ts"
import * as TargetPrices from "../kernel/cost/TargetPrices.ts"
import { Hooks } from "../kernel/hooks/Hooks.ts"
import { MostBodyValues } from "../kernel/http/BodyValues.ts"
import { MostInputFileBytes } from "../kernel/http/MostInputFileBytes.ts"
import { version } from "../kernel/http/Version.ts"
import * as ModuleSet from "../kernel/modules/ModuleSet.ts"
import * as ServedApi from "../kernel/modules/ServedApi.ts"
import { CurrentDataFolder } from "../kernel/provider/DataFolder.ts"
import type { AnyDefinition } from "../kernel/provider/Provider.ts"
import { ProviderHealth } from "../kernel/provider/ProviderHealth.ts"
import { ReliabilityStates } from "../kernel/reliability/ReliabilityStates.ts"
import { ReplaySources } from "../kernel/replay/ReplaySources.ts"
import { RecordingOptions } from "../kernel/requests/RecordingOptions.ts"
import { Stopping } from "../kernel/requests/Stopping.ts"
import { CurrentResourceKinds } from "../kernel/resources/ResourceKinds.ts"
import * as ResourceRows from "../kernel/resources/ResourceRows.ts"
import * as ProviderRegistration from "../kernel/stack/ProviderRegistration.ts"
import * as StackPlan from "../kernel/stack/StackPlan.ts"
import { Supervision } from "../kernel/stack/Supervision.ts"
import * as SupervisionConfiguration from "../kernel/stack/SupervisionConfiguration.ts"
import * as ScheduledRetention from "../kernel/system/ScheduledRetention.ts"
import { SystemRequests } from "../kernel/system/SystemRequests.ts"
import { MostToolServers } from "../kernel/tools/MostToolServers.ts"
import { WorkSettings } from "../kernel/work/WorkConfiguration.ts"
import { registry } from "../providers/Registry.ts"
import { CurrentRoutePolicy } from "../server/Admission.ts"
import { Authentication } from "../server/Authentication.ts"
import * as BoundedVerifier from "../server/BoundedVerifier.ts"
import * as Cors from "../server/Cors.ts"
import { CurrentCors } from "../server/Cors.ts"
import { CurrentHosts } from "../server/HostGuard.ts"
import * as StrataServer from "../server/HttpServer.ts"
import * as MaskedLog from "../server/MaskedLog.ts"
import { Quotas } from "../server/Quotas.ts"
import { ServerOptions } from "../server/ServerOptions.ts"
import * as Services from "../server/Services.ts"
import * as Banner from "./Banner.ts"
import { failWithMessage } from "./Failure.ts"
import * as LogStorage from "./LogStorage.ts"
import * as ProcessMemory from "./ProcessMemory.ts"
import type { ProviderType, Settings } from "./Settings.ts"
import * as SettingsFlags from "./Settings.ts"
import * as WorkStorage from "./WorkStorage.ts"

/** Vendor traffic is recorded as events; spans of it would say less and cost more. */
const vendorClient = RecordingHttpClient.layer.pipe(
  Layer.provide(VendorClient.layer),
  Layer.provideMerge(Layer.succeed(HttpClient.TracerDisabledWhen, Function.constTrue))
)

const announce = ({ configuration, skipped }: Settings) =>
  Effect.gen(function*() {
    const server = yield* HttpServer.HttpServer
    // Whoever starts the server sees every model, whatever the rules show to whom.
    const models = yield* (yield* ProjectionTables).list(ModelsKind.projection, {
      tenant: defaultTenant,
      limit: Number.MAX_SAFE_INTEGER
    })
    const providers = yield* (yield* Providers).list
    yield* Console.log(Banner.text({
      version,
      url: HttpServer.formatAddress(server.address),
      data: LogStorage.placeIn(configuration),
      level: atMost(configuration.recording.max_level, configuration.recording.level),
      providers,
      models: (yield* ResourceRows.read(ModelsKind, models))
        .map(({ attributes, identifier, provider_id }) => ({
          id: identifier,
          provider_id,
          model_type: attributes.model_type
        }))
        .sort((one, other) => one.id < other.id ? -1 : 1),
      authentication: (configuration.server.auth?.providers ?? []).map(({ type }) => type),
      skipped
    }))
  })

/** What a deployment adds in code: hooks, and contributions to channels. */
export type Extensions = Layer.Layer<never, never, Hooks | Contributions>

/** The flag --log-level goes before the configuration. */
const logLevel = (logging: Settings["configuration"]["logging"]) =>
  Layer.effect(
    References.MinimumLogLevel,
    Effect.map(Effect.serviceOption(GlobalFlag.LogLevel), (flag) =>
      Option.getOrElse(Option.flatten(flag), () => toLogLevel(logging)))
  )

/**
 * The server, made of these provider types; default those of the settings. How they fail and what they need is the
 * Layer's. Its event hub stays within reach of who starts it.
 */
export const server = <const Types extends ReadonlyArray<AnyDefinition> = ReadonlyArray<ProviderType>>(
  settings: Settings,
  given?: Types,
  extensions: Extensions = Layer.empty
) =>
  Layer.unwrap(Effect.gen(function*() {
    const { apis, hooks, logging, recording, registered_resources, server, supervision, work } = settings.configuration
    const types: Types | ReadonlyArray<ProviderType> = given ?? settings.types ?? registry
    const set = ModuleSet.withExternal(Apis.apis, settings.external ?? [])
    const served = ServedApi.make(set, apis, { authenticated: (server.auth?.providers.length ?? 0) > 0 })
    const plan = yield* StackPlan.make(types, settings.configuration, undefined, set.own.map(({ name }) => name))
    const store = LogStorage.layer(settings.configuration, "write", set.projections)
    const events = EventHub.layer().pipe(Layer.provideMerge(store), Layer.provide(set.catalog.upcasting))
    const heartbeat = Layer.succeed(Heartbeat, server.events_heartbeat_ms)
    const options = Layer.mergeAll(
      Layer.succeed(RecordingOptions, {
        level: recording.level,
        maxLevel: recording.max_level,
        debugBytes: recording.debug_bytes,
        maxStreamBytes: recording.max_stream_bytes
      }),
      Layer.succeed(MostBodyValues, server.max_body_values),
      Layer.succeed(MostToolServers, server.max_tool_servers),
      Layer.succeed(MostInputFileBytes, server.max_input_file_bytes),
      Layer.succeed(ServerOptions, {
        maxBodyBytes: server.max_body_bytes,
        streamHeartbeat: server.stream_heartbeat_ms,
        maxSockets: server.max_websockets,
        socketIdle: server.websocket_idle_ms
      }),
      Layer.succeed(WorkSettings, work)
    )
    const watching = Layer.succeed(Supervision, SupervisionConfiguration.toOptions(supervision))
    const retention = recording.retention === undefined
      ? Layer.empty
      : ScheduledRetention.layer(RetentionConfiguration.toOptions(recording.retention)).pipe(
        Layer.provide(SystemRequests.layer)
      )
    const registration = Layer.effectDiscard(Effect.andThen(
      ProviderRegistration.register(plan.providers, settings.skipped),
      PolicyInForce.record(server)
    ))
    const limits = { timeout: hooks.timeout_ms, maxContextCharacters: hooks.max_context_characters }
    const extended = extensions.pipe(
      Layer.provideMerge(Layer.merge(Hooks.layer(limits), Contributions.layer))
    )
    const cors = CorsConfiguration.toSettings(server.cors)
    const access = Layer.mergeAll(
      AccessControl.layer(PolicyInForce.of(server)),
      Authentication.layer(server.auth?.providers ?? []),
      Quotas.layer(server.quota),
      Layer.succeed(CurrentRoutePolicy, RoutePolicy.compile(server.auth?.route_policy ?? [])),
      Layer.succeed(CurrentHosts, { host: server.host, allowedHosts: server.allowed_hosts ?? [] }),
      Layer.succeed(CurrentCors, cors === undefined ? undefined : Cors.make(cors))
    )
    return StrataServer.layer({
      host: server.host,
      port: server.port,
      shutdownTimeout: server.shutdown_timeout_ms
    }).pipe(
      Layer.provideMerge(Services.layer(plan)),
      Layer.provide(BoundedVerifier.layer(types).pipe(Layer.provide(NodeHttpServer.layerHttpServices))),
      Layer.provide([registration, retention]),
      Layer.provide(extended),
      Layer.provide(access),
      Layer.provide([
        watching,
        ProviderHealth.layer,
        ReplaySources.layer,
        Stopping.layer,
        options,
        heartbeat,
        vendorClient,
        WorkStorage.layer(settings.configuration)
      ]),
      Layer.provideMerge(events),
      Layer.provide([
        // Each server has secrets of its own: another in this process must not mask by them.
        Layer.sync(ConfiguredSecrets, () => new Secrets()),
        Layer.sync(LiveEvents.LiveEvents, () => LiveEvents.make()),
        Layer.succeed(ConfiguredRules, new Rules(recording.redact)),
        Layer.succeed(ServedApi.ServedApi, served),
        Layer.succeed(ModuleSet.Modules, set),
        Layer.succeed(CurrentResourceKinds, ModuleSet.resourceKinds(set)),
        Layer.succeed(RegisteredModels, registered_resources.models),
        Layer.succeed(TargetPrices.TargetPrices, TargetPrices.make(settings.configuration, InferenceApi.name)),
        Layer.succeed(RegisteredToolGroups, registered_resources.tool_groups),
        Layer.succeed(CurrentDataFolder, settings.configuration.data),
        Layer.sync(ReliabilityStates, () => new Map()),
        MaskedLog.layer,
        logLevel(logging)
      ])
    )
  }))

export const layer = (settings: Settings) =>
  Layer.effectDiscard(announce(settings)).pipe(Layer.provide(server(settings)))

export const serve = Command.make("serve", SettingsFlags.flags, (flags) =>
  SettingsFlags.load(flags).pipe(
    Effect.provide(NodeHttpClient.layerUndici),
    Effect.flatMap((settings) => Effect.raceFirst(Layer.launch(layer(settings)), ProcessMemory.keepSmall)),
    failWithMessage
  )).pipe(Command.withDescription("Start the server"))
