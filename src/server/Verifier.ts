/** Runs a recorded session's requests again, through the same code, with the network replaced by the recording. */
import { Context, Effect, Layer, Record, Stream } from "effect"
import type { Schema } from "effect"
import { HttpClient, HttpServerRequest } from "effect/http"
import type { HttpServerResponse } from "effect/http"
import { EventHub } from "../events/EventHub.ts"
import * as MemoryStore from "../events/memory/MemoryStore.ts"
import * as ModelEvents from "../events/ModelEvents.ts"
import * as ProviderEvents from "../events/ProviderEvents.ts"
import { readAll } from "../events/ReadAll.ts"
import { CurrentRecording } from "../events/Recording.ts"
import type { RequestTraffic } from "../events/Traffic.ts"
import * as EventCatalog from "../kernel/EventCatalog.ts"
import { Stopping } from "../kernel/EventsLive.ts"
import * as RecordedModels from "../kernel/models/RecordedModels.ts"
import { projections } from "../kernel/Projections.ts"
import type { AnyDefinition } from "../kernel/Provider.ts"
import { ProviderHealth } from "../kernel/ProviderHealth.ts"
import * as ProviderProjection from "../kernel/ProviderProjection.ts"
import * as RecordingHttpClient from "../kernel/recording/RecordingHttpClient.ts"
import type { Divergence } from "../kernel/replay/Comparison.ts"
import { compare } from "../kernel/replay/Comparison.ts"
import * as RecordedCalls from "../kernel/replay/RecordedCalls.ts"
import type { RecordedCall } from "../kernel/replay/RecordedCalls.ts"
import * as RecordedHttpClient from "../kernel/replay/RecordedHttpClient.ts"
import * as RecordedRequests from "../kernel/replay/RecordedRequests.ts"
import type { RecordedRequest } from "../kernel/replay/RecordedRequests.ts"
import { RecordingUnavailable, SessionRecordings } from "../kernel/replay/SessionRecordings.ts"
import * as StackPlan from "../kernel/StackPlan.ts"
import * as HttpApp from "./HttpApp.ts"
import { Replayed } from "./RequestPipeline.ts"
import { ServerOptions } from "./ServerOptions.ts"
import * as Services from "./Services.ts"

export interface Report {
  readonly session: string
  readonly requests: number
  readonly skipped: ReadonlyArray<{ readonly requestId: string; readonly reason: string }>
  readonly divergence: (Divergence & { readonly requestId: string }) | undefined
}

/** The recorded calls, each given once, in order, to the request that made it. */
const recordedNetwork = (calls: ReadonlyArray<RecordedCall>) => {
  const next = new Map<string, number>()
  return RecordedHttpClient.make(() =>
    Effect.map(CurrentRecording, (recording) => {
      const requestId = recording?.options.requestId ?? ""
      const index = next.get(requestId) ?? 0
      next.set(requestId, index + 1)
      return calls.filter((call) => call.requestId === requestId)[index]?.answer
    })
  )
}

const toServerRequest = ({ body, headers, method, url }: RequestTraffic) => {
  const withBody = method !== "GET" && method !== "HEAD" && body !== ""
  const web = new Request("http://strata.invalid/", { method, headers, ...(withBody ? { body } : {}) })
  return HttpServerRequest.fromWeb(web).modify({ url })
}

const drain = (response: HttpServerResponse.HttpServerResponse) =>
  response.body._tag === "Stream" ? Effect.exit(Stream.runDrain(response.body.stream)) : Effect.void

const toEntry = ({ config, provider_id, provider_type }: ProviderProjection.Registration) => ({
  provider_id,
  provider_type,
  config: config as Schema.JsonObject
})

const unlimited = Number.MAX_SAFE_INTEGER

/** Reads from the log in context; needs the file system for sessions answered from a file. */
export const verify = Effect.fn("Verifier.verify")(function*<const Registry extends ReadonlyArray<AnyDefinition>>(
  registry: Registry,
  session: string
) {
  const source = yield* EventHub
  const events = yield* readAll(source, { sessionId: session })
  const last = events.at(-1)
  if (last === undefined) {
    return yield* new RecordingUnavailable({ source: session, detail: "there is no such session" })
  }
  const registrations = yield* readAll(source, {
    stream: ProviderEvents.stream,
    types: ProviderEvents.registrationTypes
  })
  const running = ProviderProjection.fold(registrations.filter(({ position }) => position <= last.position))
  const providers = Record.fromEntries(
    [...new Set([...running.values()].map(({ api }) => api))].map((api) => [
      api,
      [...running.values()].filter((each) => each.api === api).map(toEntry)
    ])
  )
  const plan = yield* StackPlan.make(registry, { providers })
  const models = yield* readAll(source, { stream: ModelEvents.stream })
  const requests = RecordedRequests.fromEvents(events)
  let position = 0

  const network = Layer.succeed(HttpClient.HttpClient, recordedNetwork(RecordedCalls.fromEvents(events)))
  const recordings = Layer.effect(
    SessionRecordings,
    Effect.provideService(
      Effect.map(Layer.build(SessionRecordings.layer), (context) => Context.get(context, SessionRecordings)),
      EventHub,
      source
    )
  )
  const environment = Services.layer(plan, () => RecordedModels.layer(models, () => position)).pipe(
    Layer.provideMerge(Layer.mergeAll(
      ProviderHealth.layer,
      Stopping.layer,
      recordings,
      RecordingHttpClient.layer.pipe(Layer.provide(network)),
      Layer.succeed(ServerOptions, { level: "raw", maxBodyBytes: unlimited })
    )),
    Layer.provideMerge(
      EventHub.layer().pipe(Layer.provideMerge(MemoryStore.layerOf(projections)), Layer.provide(EventCatalog.upcasting))
    )
  )

  const replay = Effect.gen(function*() {
    const app = yield* HttpApp.make
    const hub = yield* EventHub

    const run = Effect.fnUntraced(function*({ events, requestId, traffic }: RecordedRequest) {
      if (traffic === undefined) return undefined
      position = events.at(-1)?.position ?? 0
      yield* Effect.flatMap(app, drain).pipe(
        Effect.provideService(HttpServerRequest.HttpServerRequest, toServerRequest(traffic)),
        Effect.provideService(Replayed, { requestId, sessionId: session }),
        Effect.scoped
      )
      return compare(events, yield* readAll(hub, { requestId }))
    })

    for (const request of requests.filter(({ skip }) => skip === undefined)) {
      const divergence = yield* run(request)
      if (divergence !== undefined) return { ...divergence, requestId: request.requestId }
    }
    return undefined
  })

  const divergence = yield* replay.pipe(Effect.provide(environment, { local: true }), Effect.scoped)
  const report: Report = {
    session,
    requests: requests.length,
    skipped: requests.flatMap(({ requestId, skip }) => skip === undefined ? [] : [{ requestId, reason: skip }]),
    divergence
  }
  return report
})
