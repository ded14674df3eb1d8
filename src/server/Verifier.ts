/** Runs a recorded session's requests again, through the same code, with the network replaced by the recording. */
import { Context, Effect, Layer, Record, Schema, Stream } from "effect"
import { HttpClient, HttpServerRequest } from "effect/http"
import type { HttpServerResponse } from "effect/http"
import { EventHub } from "../events/log/EventHub.ts"
import { readAll } from "../events/log/ReadAll.ts"
import * as MemoryStore from "../events/memory/MemoryStore.ts"
import { addAll } from "../events/types/AddAll.ts"
import type { RecordedEvent } from "../events/types/Envelope.ts"
import { CurrentPrincipal } from "../events/types/Principal.ts"
import { CurrentTenant } from "../events/types/Tenant.ts"
import type { RequestTraffic } from "../events/types/Traffic.ts"
import { AccessControl } from "../kernel/access/AccessControl.ts"
import { open } from "../kernel/access/AccessPolicy.ts"
import * as PolicyInForce from "../kernel/access/PolicyInForce.ts"
import * as WholeBody from "../kernel/bytes/WholeBody.ts"
import { RecordedDecisions } from "../kernel/calls/Decision.ts"
import { NextReplayCall } from "../kernel/calls/NextReplayCall.ts"
import * as RecordingHttpClient from "../kernel/calls/RecordingHttpClient.ts"
import { ReplayedCalls } from "../kernel/calls/ReplayedCall.ts"
import { Contributions } from "../kernel/contributions/Contributions.ts"
import { CurrentReplayDocuments } from "../kernel/documents/ReplayDocuments.ts"
import { MostBodyValues } from "../kernel/http/BodyValues.ts"
import { SessionNotFound } from "../kernel/http/SessionErrors.ts"
import * as FailureText from "../kernel/issues/FailureText.ts"
import * as ModuleSet from "../kernel/modules/ModuleSet.ts"
import * as ServedApi from "../kernel/modules/ServedApi.ts"
import * as OwnedService from "../kernel/provider/OwnedService.ts"
import type { AnyDefinition } from "../kernel/provider/Provider.ts"
import { ProviderHealth } from "../kernel/provider/ProviderHealth.ts"
import type * as ProviderProjection from "../kernel/provider/ProviderProjection.ts"
import { ReliabilityStates } from "../kernel/reliability/ReliabilityStates.ts"
import type { Divergence } from "../kernel/replay/Comparison.ts"
import { compare } from "../kernel/replay/Comparison.ts"
import type { AroundTheClient } from "../kernel/replay/NetworkWatch.ts"
import * as NetworkWatch from "../kernel/replay/NetworkWatch.ts"
import * as ReplayCalls from "../kernel/replay/ReplayCalls.ts"
import * as ReplayDecisions from "../kernel/replay/ReplayDecisions.ts"
import * as ReplayHooks from "../kernel/replay/ReplayHooks.ts"
import * as ReplayHttpClient from "../kernel/replay/ReplayHttpClient.ts"
import * as ReplayRequests from "../kernel/replay/ReplayRequests.ts"
import type { RecordedRequest } from "../kernel/replay/ReplayRequests.ts"
import type { Segment } from "../kernel/replay/ReplaySegments.ts"
import * as ReplaySegments from "../kernel/replay/ReplaySegments.ts"
import { ReplaySources } from "../kernel/replay/ReplaySources.ts"
import { lineOfCall } from "../kernel/requests/EventSequence.ts"
import { CurrentRecording } from "../kernel/requests/Recording.ts"
import { RecordingOptions } from "../kernel/requests/RecordingOptions.ts"
import { CurrentReplayedRequest } from "../kernel/requests/ReplayedRequest.ts"
import { Stopping } from "../kernel/requests/Stopping.ts"
import { CurrentReplayRegistrations } from "../kernel/resources/ReplayRegistrations.ts"
import { CurrentResourceKinds } from "../kernel/resources/ResourceKinds.ts"
import * as Registrations from "../kernel/sessions/Registrations.ts"
import * as SessionContext from "../kernel/sessions/SessionContext.ts"
import { RecordedSessionLog } from "../kernel/sessions/SessionLog.ts"
import { SessionVerifier } from "../kernel/sessions/SessionVerifier.ts"
import { CurrentIdleInstances } from "../kernel/stack/IdleInstances.ts"
import * as StackPlan from "../kernel/stack/StackPlan.ts"
import * as Supervision from "../kernel/stack/Supervision.ts"
import { SystemHandlers } from "../kernel/system/SystemHandlers.ts"
import { method as systemMethod } from "../kernel/system/SystemOperations.ts"
import { WorkDatabase } from "../kernel/work/WorkDatabase.ts"
import { Authentication } from "./Authentication.ts"
import * as HttpApp from "./HttpApp.ts"
import { Quotas } from "./Quotas.ts"
import { ServerOptions } from "./ServerOptions.ts"
import * as Services from "./Services.ts"

export interface Report {
  readonly session: string
  readonly requests: number
  readonly skipped: ReadonlyArray<{ readonly requestId: string; readonly reason: string }>
  readonly divergence: (Divergence & { readonly requestId: string }) | undefined
  /** What providers reached around the recording client. */
  readonly around: ReadonlyArray<AroundTheClient>
}

/** The recorded calls, each given once, in order, to the request that made it. */
const recordedNetwork = (events: ReadonlyArray<RecordedEvent>) => {
  const calls = ReplayCalls.fromEvents(ReplayCalls.withoutInner(events))
  const waiting = Map.groupBy(
    calls.filter(ReplayCalls.wentOverWire),
    ({ path, requestId }) => lineOfCall(requestId, path)
  )
  return {
    client: ReplayHttpClient.make(() =>
      Effect.map(CurrentRecording, (recording) => waiting.get(recording?.line ?? "")?.shift()?.answer)
    ),
    /** What the request, or a branch of it, sends next. */
    next: (line: string): RequestTraffic | undefined => waiting.get(line)?.[0]?.request,
    /** What was answered without a wire. */
    atCall: ReplayCalls.answeredAtCall(ReplayCalls.fromEvents(events)),
    idle: ReplayCalls.idleInstances(calls)
  }
}

/** The log as it was at a position that may move on. */
const upTo = (hub: EventHub["Service"], position: () => number): EventHub["Service"] => ({
  ...hub,
  head: Effect.sync(position),
  read: (options) => Effect.map(hub.read(options), (events) => events.filter((event) => event.position <= position()))
})

const firstPosition = ({ events }: RecordedRequest): number => events[0]?.position ?? 0

const toServerRequest = (traffic: RequestTraffic) => {
  const { headers, method, url } = traffic
  const body = WholeBody.fromTraffic(traffic)
  const withBody = method !== "GET" && method !== "HEAD" && body !== ""
  const init = {
    method,
    headers,
    ...(withBody ? { body: typeof body === "string" ? body : new Uint8Array(body) } : {})
  }
  const web = new Request("http://strata.invalid/", init)
  return HttpServerRequest.fromWeb(web).modify({ url })
}

/** A request that no server could get, whoever recorded it. */
class RequestUnfit extends Schema.TaggedError<RequestUnfit>()("RequestUnfit", {
  requestId: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `the request ${this.requestId} can't be sent again: ${this.detail}`
  }
}

const serverRequest = (requestId: string, traffic: RequestTraffic) =>
  Effect.try({
    try: () => toServerRequest(traffic),
    catch: (cause) => new RequestUnfit({ requestId, detail: FailureText.of(cause) })
  })

/** What is the same of all requests of Strata's own. */
const systemInput = {
  method: systemMethod,
  params: {},
  query: {},
  session: undefined,
  level: undefined,
  secrets: undefined
} as const

const drain = (response: HttpServerResponse.HttpServerResponse) =>
  response.body._tag === "Stream" ? Effect.exit(Stream.runDrain(response.body.stream)) : Effect.void

const toEntry = ({ config, provider_id, provider_type }: ProviderProjection.Registration) => ({
  provider_id,
  provider_type,
  config: config as Schema.JsonObject
})

const unlimited = Number.MAX_SAFE_INTEGER

/** What a session ran against elsewhere is not here: a miss is explained by nothing. */
const noRecordings = Layer.succeed(
  ReplaySources,
  ReplaySources.of({
    open: () => Effect.succeed({ head: Effect.succeed(0), read: () => Effect.succeed([]) })
  })
)

/** The recordings of the log as it was at a position that may move on. */
const recordingsUpTo = (source: EventHub["Service"], position: () => number) =>
  Layer.effect(
    ReplaySources,
    Effect.provideService(
      Effect.map(Layer.build(ReplaySources.layer), (context) => Context.get(context, ReplaySources)),
      EventHub,
      OwnedService.outside(upTo(source, position))
    )
  )

const byApi = (providers: Segment["providers"]) =>
  Record.map(
    Record.fromEntries(providers.map(({ api }) => [api, providers.filter((each) => each.api === api)])),
    (each) => each.map(toEntry)
  )

type Network = ReturnType<typeof recordedNetwork>

/** Runs requests that had the same providers again, on a server of their own; gives the first divergence. */
const runSegment = Effect.fnUntraced(function*<const Registry extends ReadonlyArray<AnyDefinition>>(
  registry: Registry,
  { context, providers, requests }: Segment,
  { network, policies, session }: {
    readonly network: Network
    /** The changes of the access rules. */
    readonly policies: ReadonlyArray<RecordedEvent>
    readonly session: string
  }
) {
  const plan = yield* StackPlan.make(registry, { providers: byApi(providers) })
  const source = yield* EventHub
  const tenant = yield* CurrentTenant
  const set = yield* ModuleSet.Modules
  let position = 0
  let before = firstPosition(requests[0]!) - 1
  let running: string | undefined
  const missed = new Set<string>()
  const skipped: Array<Report["skipped"][number]> = []

  const environment = Services.layer(plan).pipe(
    Layer.provideMerge(Layer.mergeAll(
      ProviderHealth.layer,
      Stopping.layer,
      SessionVerifier.unavailable,
      WorkDatabase.none,
      ReplayHooks.layer(requests.flatMap(({ events }) => events)),
      Contributions.layer,
      Layer.effect(
        Supervision.Supervision,
        Effect.map(Supervision.Supervision, (options) => ({ ...options, watched: false }))
      ),
      Layer.succeed(CurrentIdleInstances, network.idle),
      Layer.succeed(RecordedSessionLog, upTo(source, () => before)),
      Layer.succeed(CurrentReplayRegistrations, { events: context.registrations, position: () => position }),
      Authentication.anonymous,
      Quotas.unlimited,
      context.imported ? noRecordings : recordingsUpTo(source, () => before),
      RecordingHttpClient.layer.pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, network.client))),
      Layer.succeed(RecordingOptions, { level: "raw", maxLevel: "raw", debugBytes: 2048, maxStreamBytes: unlimited }),
      Layer.succeed(MostBodyValues, unlimited),
      Layer.succeed(ServerOptions, { maxBodyBytes: unlimited, streamHeartbeat: 0, maxSockets: 0, socketIdle: 1 })
    )),
    Layer.provideMerge(AccessControl.layer(() => context.imported ? open : PolicyInForce.at(policies, position))),
    Layer.provideMerge(
      EventHub.layer().pipe(
        Layer.provideMerge(MemoryStore.layerOf(set.projections)),
        Layer.provide(set.catalog.upcasting)
      )
    )
  )

  return yield* Effect.gen(function*() {
    const app = yield* HttpApp.make
    const hub = yield* EventHub
    const system = yield* SystemHandlers
    for (const request of requests) {
      const { events, requestId, traffic } = request
      if (traffic === undefined) continue
      position = events.at(-1)?.position ?? 0
      before = firstPosition(request) - 1
      running = requestId
      missed.clear()
      const again = traffic.method === systemMethod
        ? system.repeat({ ...systemInput, url: traffic.url, headers: traffic.headers, body: traffic.body })
        : Effect.flatMap(app, drain).pipe(
          Effect.provideService(HttpServerRequest.HttpServerRequest, yield* serverRequest(requestId, traffic))
        )
      yield* again.pipe(
        Effect.provideService(CurrentPrincipal, request.principal),
        Effect.provideService(CurrentReplayedRequest, { requestId, sessionId: session, principal: request.principal }),
        Effect.scoped
      )
      // What it does to documents stands in streams of theirs, which are no part of a session.
      const rerun = (yield* readAll(hub, { requestId })).filter(({ sessionId }) => sessionId !== null)
      const divergence = compare(ReplayCalls.withoutInner(events), rerun, set.catalog.find)
      const [elsewhere] = context.imported ? missed : []
      if (divergence !== undefined && elsewhere !== undefined) {
        const reason = `it needs ${elsewhere}, which stands outside of the session: a session's file does not bring it`
        skipped.push({ requestId, reason })
      } else if (divergence !== undefined) return { skipped, divergence: { ...divergence, requestId } }
    }
    return { skipped, divergence: undefined }
  }).pipe(
    Effect.provide(environment, { local: true }),
    Effect.provideService(NextReplayCall, network.next),
    Effect.provideService(ReplayedCalls, network.atCall),
    Effect.provideService(ReliabilityStates, undefined),
    Effect.provideService(CurrentReplayDocuments, {
      // What a request does to documents may stand before the first event of its own.
      eventsOf: (stream, types, through = before) =>
        Effect.map(
          readAll(upTo(source, () => through), { tenant, stream, types: [...types] }),
          (events) => events.filter((event) => event.requestId !== running)
        ),
      awaitedOf: (stream, types) => readAll(source, { tenant, stream, types: [...types] }),
      missed: (stream) => void missed.add(stream)
    }),
    Effect.provideService(RecordedDecisions, ReplayDecisions.of(requests.flatMap(({ events }) => events))),
    Effect.scoped
  )
})

/** Reads from the log in context; needs the file system for sessions answered from a file. */
export const verify = Effect.fn("Verifier.verify")(function*<const Registry extends ReadonlyArray<AnyDefinition>>(
  registry: Registry,
  session: string
) {
  const source = yield* EventHub
  const events = yield* readAll(source, { tenant: yield* CurrentTenant, sessionId: session })
  if (events.length === 0) return yield* new SessionNotFound({ session_id: session })
  const set = yield* ModuleSet.Modules
  const served = ServedApi.make(set)
  const kinds = ModuleSet.resourceKinds(set)
  const requests = ReplayRequests.fromEvents(events, set.operations)
  const issueOf = Registrations.checker(kinds.all)
  const contextOf = SessionContext.finder(
    events,
    yield* Effect.provideService(SessionContext.registrations(source), CurrentResourceKinds, kinds),
    (each) => issueOf(each) === undefined
  )
  const segments = ReplaySegments.segments(requests.filter(({ skip }) => skip === undefined), contextOf)
  const network = recordedNetwork(events)
  const policies = yield* PolicyInForce.changes(source)
  const watch = NetworkWatch.make()
  let divergence: Report["divergence"]
  const elsewhere: Array<Report["skipped"][number]> = []
  for (const segment of segments) {
    const outcome = yield* Effect.provideService(
      watch.during(runSegment(registry, segment, { network, policies, session })),
      ServedApi.ServedApi,
      served
    ).pipe(Effect.provideService(CurrentResourceKinds, kinds))
    divergence = outcome.divergence
    addAll(elsewhere, outcome.skipped)
    if (divergence !== undefined) break
  }
  const report: Report = {
    session,
    requests: requests.length,
    skipped: [
      ...requests.flatMap(({ requestId, skip }) => skip === undefined ? [] : [{ requestId, reason: skip }]),
      ...elsewhere
    ],
    divergence,
    around: yield* watch.around
  }
  return report
})
