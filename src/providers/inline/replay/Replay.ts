/** `inline::replay`: answers from recordings, and lets an upstream make them. */
import { Effect, Layer } from "effect"
import type { Context, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { ProviderModel } from "../../../apis/inference/Inference.ts"
import { InferenceProvider } from "../../../apis/inference/Inference.ts"
import { InferenceApi } from "../../../apis/inference/InferenceApi.ts"
import * as ProviderWire from "../../../apis/inference/ProviderWire.ts"
import type { ValueError } from "../../../apis/inference/ValueCalls.ts"
import * as Draft from "../../../events/log/Draft.ts"
import { EventHub } from "../../../events/log/EventHub.ts"
import type { Secrets } from "../../../events/redaction/Redaction.ts"
import { ConfiguredSecrets, isSecretName } from "../../../events/redaction/Redaction.ts"
import type { RequestTraffic } from "../../../events/types/Traffic.ts"
import { NextReplayCall } from "../../../kernel/calls/NextReplayCall.ts"
import * as RecordingHttpClient from "../../../kernel/calls/RecordingHttpClient.ts"
import { canonical } from "../../../kernel/dialects/canonical/CanonicalDialect.ts"
import { completions } from "../../../kernel/dialects/completions/CompletionsDialect.ts"
import type { Dialect } from "../../../kernel/dialects/Dialect.ts"
import * as DialectVendor from "../../../kernel/dialects/DialectVendor.ts"
import type { WireCall } from "../../../kernel/dialects/WireCall.ts"
import type { EmbeddingDialect } from "../../../kernel/embeddings/EmbeddingDialect.ts"
import type { EmbeddingsRequest, EmbeddingsResponse } from "../../../kernel/embeddings/EmbeddingsWire.ts"
import * as EmbeddingVendor from "../../../kernel/embeddings/EmbeddingVendor.ts"
import { ProviderFailed } from "../../../kernel/http/ProviderErrors.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as ProviderData from "../../../kernel/provider/ProviderData.ts"
import * as ProviderEvents from "../../../kernel/provider/ProviderEvents.ts"
import * as ReplayHttpClient from "../../../kernel/replay/ReplayHttpClient.ts"
import { CurrentRecording } from "../../../kernel/requests/Recording.ts"
import type { RerankDialect } from "../../../kernel/rerank/RerankDialect.ts"
import * as RerankVendor from "../../../kernel/rerank/RerankVendor.ts"
import type { RerankRequest, RerankResponse } from "../../../kernel/rerank/RerankWire.ts"
import * as OtherWire from "./OtherWire.ts"
import * as RecordedValue from "./RecordedValue.ts"
import * as RecordedWire from "./RecordedWire.ts"
import { Config } from "./ReplayConfig.ts"
import { replayedScheme } from "./ReplayReader.ts"
import type { MatchedRecording } from "./ReplayRecordings.ts"
import * as ReplayRecordings from "./ReplayRecordings.ts"
import * as ReplayValues from "./ReplayValues.ts"
import { recordingHeader } from "./ReplayValues.ts"

type Upstream = Context.Service.Shape<typeof InferenceProvider>

/** The keys of an upstream that is not started: they may stand in what is asked all the same. */
const addSecrets = (secrets: Secrets, config: Schema.Json): void => {
  if (typeof config !== "object" || config === null) return
  for (const [name, value] of Object.entries(config)) {
    if (typeof value === "string" && isSecretName(name)) secrets.add(value)
    else addSecrets(secrets, value)
  }
}

const make = Effect.fn("Replay.make")(function*(provider: string, config: Config, upstream: Upstream | undefined) {
  const { file, mode } = config
  const hub = yield* EventHub
  const network = yield* HttpClient.HttpClient
  addSecrets(yield* ConfiguredSecrets, config.upstream?.config ?? {})
  if (mode === "record" || mode === "live") {
    const started = yield* Draft.make(
      ProviderEvents.RecordingStarted,
      { api: InferenceApi.name, provider_id: provider },
      { provider }
    )
    yield* Effect.catchTag(hub.append(ProviderEvents.stream, "any", [started]), "VersionConflict", Effect.die)
  }
  const recordings = yield* ReplayRecordings.make(config, provider)
  const recordedCall = yield* NextReplayCall
  let warned = false

  const unreadable = (error: { readonly message: string }) =>
    new ProviderFailed({ provider, reason: "unreachable", detail: error.message })

  const vendor = (dialect: Dialect, client: HttpClient.HttpClient, url: string, recorded: string | undefined) =>
    DialectVendor.make({
      dialect,
      provider,
      client: HttpClient.mapRequest(client, (request) =>
        HttpClientRequest.prependUrl(
          recorded === undefined ? request : HttpClientRequest.setHeader(request, recordingHeader, recorded),
          url
        ))
    })

  const replay = ({ answer, recorded: { attempt, requestId } }: MatchedRecording, call: WireCall) => {
    const client = RecordingHttpClient.wrap(ReplayHttpClient.make(() => Effect.succeed(answer)))
    return vendor(call.dialect, client, `${replayedScheme}//${provider}/v1`, `${requestId}/${attempt}`).send(call)
  }

  /** Undefined where the call went out as it is. */
  const otherWireOf = (url: string, asked: string, call: WireCall, body: string) => {
    const path = RecordedWire.pathIn(url)
    const dialect = path === undefined ? call.dialect : RecordedWire.dialectAt(path)
    return dialect.name === call.dialect.name && asked === body ? undefined : OtherWire.of(provider, call, dialect)
  }

  /** In a verification the network is the recording: of what was replayed, too. */
  const replayAgain = ({ headers, url }: RequestTraffic, call: WireCall) =>
    vendor(call.dialect, network, url.slice(0, -call.dialect.path(call).length), headers[recordingHeader]).send(call)

  const fail = Effect.fnUntraced(function*(body: string) {
    const nearest = yield* Effect.mapError(recordings.explainMiss(body), unreadable)
    const remedy = "To ask the vendor and keep its answer, use the mode record-if-missing with an upstream."
    return yield* new ProviderFailed({ provider, reason: "not_recorded", detail: `${nearest} ${remedy}` })
  })

  /** Without the raw level nothing can be replayed later. */
  const warn = Effect.suspend(() => {
    warned = true
    return Effect.logWarning(`${provider}: mode ${mode} records nothing it can replay: set recording.level to raw.`)
  })

  /** A text completion is no conversation. */
  const sendTo = (upstream: Upstream, call: WireCall) =>
    call.dialect.name === completions.name && upstream.completeText !== undefined
      ? upstream.completeText(call)
      : ProviderWire.of(upstream, provider, call.dialect).send(call)

  const ask = Effect.fnUntraced(function*(upstream: Upstream, call: WireCall) {
    const recording = yield* CurrentRecording
    if (!warned && mode !== "live" && recording !== undefined && recording.levelOf(provider) !== "raw") yield* warn
    return yield* sendTo(upstream, call)
  })

  /** What was recorded of another wire, or of the same request as Strata writes it, answers, too. */
  const elsewhere = Effect.fnUntraced(function*(call: WireCall, sessionId: string, errors: boolean) {
    const recording = yield* CurrentRecording
    for (const dialect of RecordedWire.dialects) {
      const other = OtherWire.of(provider, call, dialect)
      if (other === undefined) continue
      const { answer, call: asked } = other
      const body = recording?.mask(asked.text) ?? asked.text
      const matched = yield* Effect.mapError(
        recordings.find(RecordedWire.keyOfCall(asked, body), sessionId, { errors }),
        unreadable
      )
      if (matched !== undefined) return yield* Effect.flatMap(replay(matched, asked), answer)
    }
    return undefined
  })

  const verify = (next: RequestTraffic | undefined, call: WireCall, body: string) => {
    if (next?.url.startsWith(replayedScheme) === true) {
      const other = otherWireOf(next.url, next.body, call, body)
      return other === undefined
        ? replayAgain(next, call)
        : Effect.flatMap(replayAgain(next, other.call), other.answer)
    }
    return next === undefined || upstream === undefined
      ? fail(body)
      : sendTo(upstream, call)
  }

  const send = Effect.fnUntraced(function*(call: WireCall) {
    const recording = yield* CurrentRecording
    // As it stands in the log.
    const body = recording?.mask(call.text) ?? call.text
    if (recordedCall !== undefined) {
      return yield* verify(recordedCall(recording?.line ?? ""), call, body)
    }
    if (upstream !== undefined && mode !== "record-if-missing") return yield* ask(upstream, call)
    const sessionId = recording?.options.sessionId ?? ""
    const matched = yield* Effect.mapError(
      recordings.find(RecordedWire.keyOfCall(call, body), sessionId, { errors: mode === "replay" }),
      unreadable
    )
    if (matched !== undefined) return yield* replay(matched, call)
    const translated = upstream === undefined ? yield* elsewhere(call, sessionId, mode === "replay") : undefined
    if (translated !== undefined) return translated
    return yield* upstream === undefined ? fail(body) : ask(upstream, call)
  })

  const values = {
    provider,
    network,
    prefersRecordings: mode === "record-if-missing",
    find: (key: string, sessionId: string, options: { readonly errors: boolean }) =>
      Effect.mapError(recordings.find(key, sessionId, options), unreadable),
    fail
  }
  const embed = ReplayValues.make<EmbeddingsRequest, EmbeddingDialect, EmbeddingsResponse, ValueError>({
    ...values,
    dialects: RecordedValue.embeddings,
    vendor: (dialect, client) => EmbeddingVendor.make({ provider, dialect, client }).embed,
    upstream: upstream?.embed?.bind(upstream)
  })
  const rerank = ReplayValues.make<RerankRequest, RerankDialect, RerankResponse, ValueError>({
    ...values,
    dialects: RecordedValue.rankings,
    vendor: (dialect, client) => RerankVendor.make({ provider, dialect, client }).rerank,
    upstream: upstream?.rerank?.bind(upstream)
  })
  const offers = (member: "completeText" | "embed" | "rerank") =>
    upstream === undefined || upstream[member] !== undefined

  const recordedModels = recordings.models.pipe(
    Effect.mapBoth({
      onSuccess: (models) => models.map((id): ProviderModel => ({ id, created: 0, owned_by: provider })),
      onFailure: unreadable
    })
  )
  const list = Effect.gen(function*() {
    const listed = upstream === undefined ? [] : yield* upstream.models.list
    const recorded = yield* recordedModels
    return [...listed, ...recorded.filter(({ id }) => listed.every((other) => other.id !== id))]
  })

  return InferenceProvider.of({
    dialects: upstream === undefined ? RecordedWire.dialects : upstream.dialects ?? [canonical],
    send,
    ...offers("completeText") ? { completeText: send } : {},
    ...offers("embed") ? { embed } : {},
    ...offers("rerank") ? { rerank } : {},
    ...upstream?.health === undefined ? {} : { health: upstream.health },
    models: { source: upstream === undefined && file !== undefined ? "configuration" : "discovery", list }
  })
})

export const Replay = Provider.make({
  api: InferenceApi,
  type: "inline::replay",
  displayName: "Replay of recordings",
  description:
    "Answers from recordings: the same request gets the same answer, with no key and no network; records what is missing.",
  config: Config,
  requires: [],
  capabilities: ["chat_completions", "completions", "embeddings", "rerank", "streaming", "recordings"],
  status: { status: "proven", against: "sessions that Strata recorded" },
  // A client that has keys for the vendor sends them here too: no recording needs them.
  providerData: ProviderData.Anything,
  upstream: ({ mode, upstream }) => mode === "replay" ? undefined : upstream,
  layer: (config, { provider_id, upstream }) =>
    upstream === undefined
      ? Layer.effect(InferenceProvider, make(provider_id, config, undefined))
      : Layer.effect(InferenceProvider, Effect.flatMap(InferenceProvider, (each) => make(provider_id, config, each)))
        .pipe(Layer.provide(upstream))
})
