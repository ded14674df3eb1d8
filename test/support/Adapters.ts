/** The adapters of inference, each before a vendor that says in its own words what a test wants said. */
import { Effect, Layer, Result, Schema, Stream, Struct } from "effect"
import type { Scope } from "effect"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import { anthropic } from "../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { bedrock } from "../../src/kernel/dialects/bedrock/BedrockDialect.ts"
import { canonical } from "../../src/kernel/dialects/canonical/CanonicalDialect.ts"
import { chat } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../src/kernel/dialects/Dialect.ts"
import { gemini } from "../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { ollama } from "../../src/kernel/dialects/ollama/OllamaDialect.ts"
import * as Translation from "../../src/kernel/dialects/Translation.ts"
import type { ChatRequest } from "../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../src/kernel/messages/ChatResponse.ts"
import type { ContentBlock } from "../../src/kernel/messages/ContentBlock.ts"
import * as LlmErrors from "../../src/kernel/messages/LlmErrors.ts"
import type { FailureKind } from "../../src/kernel/messages/LlmFailure.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import { registry } from "../../src/providers/Registry.ts"
import { vertex } from "../../src/providers/remote/vertexai/VertexWire.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { Refusal } from "./Refusals.ts"
import * as Refusals from "./Refusals.ts"
import { refusal, soon } from "./Refusals.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { rsaKeys } from "./Signatures.ts"
import type { StrataOptions } from "./Strata.ts"
import * as Vendors from "./Vendors.ts"

/** What the vendor does with the next request. */
export type Said =
  | { readonly _tag: "Answer"; readonly response: ChatResponse; readonly besides?: Schema.JsonObject }
  | { readonly _tag: "Refusal"; readonly refusal: Refusal }
  | { readonly _tag: "Silence" }

export interface Vendor {
  readonly options: Pick<StrataOptions, "providers" | "types">
  /** Whom a client names: `<provider>/m`. */
  readonly model: string
  /** What it was asked, in the canonical model. */
  readonly asked: () => ReadonlyArray<ChatRequest>
  readonly awaitAsked: (count: number) => Effect.Effect<void>
  readonly awaitAborted: (count: number) => Effect.Effect<void>
}

export interface Adapter {
  readonly name: string
  readonly dialect: Dialect
  readonly refusals: ReadonlyArray<Refusal>
  /** What its configuration needs besides. */
  readonly config?: ProviderEntry["config"]
  /** And of a vendor that is at this address. */
  readonly configAt?: (url: string) => Schema.JsonObject
  /** Its vendor alone knows which models there are: none can be configured. */
  readonly listsModels?: true
  /** What its vendor can say of an answer; absent: all. */
  readonly expresses?: (answer: ChatResponse) => ChatResponse
  /** `say`: is asked for each request. */
  readonly vendor: (say: () => Said) => Effect.Effect<Vendor, never, Scope.Scope>
}

const asksStream = ({ body, path }: ReceivedRequest) => Object(body).stream === true || path.includes("stream")

const types: Readonly<Record<string, string>> = {
  ollama: "application/x-ndjson",
  bedrock: "application/vnd.amazon.eventstream"
}

/** Of the streams of a dialect's vendors. */
export const contentTypeOf = ({ name }: Dialect): string => types[name] ?? "text/event-stream"

/** Frames of a dialect as its vendors send them. */
export const framesOf = ({ framing }: Dialect, frames: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> =>
  framing === undefined ? frames : frames.map((frame) => framing.frameOf(Buffer.from(frame).toString()))

/** A vendor's bytes of an answer. */
const spoken = (dialect: Dialect, { besides = {}, response }: Said & { _tag: "Answer" }, streams: boolean) => {
  if (!streams) return ScriptedAnswer.json(200, { ...dialect.lower.response(response), ...besides })
  const { add } = dialect.lower.stream()
  const frames = [...Translation.partsOf(response).flatMap(add), dialect.lastFrame]
  return Vendors.frames(framesOf(dialect, frames.filter(({ length }) => length > 0)), {
    headers: { "content-type": contentTypeOf(dialect) }
  })
}

const reached = (now: () => number) => (count: number) =>
  Effect.sleep("2 millis").pipe(
    Effect.repeat({ until: () => now() >= count }),
    Effect.timeout("5 seconds"),
    Effect.orDie,
    Effect.asVoid
  )
/** Of a type that asks its vendor which models there are. */
const listed = ScriptedAnswer.json(200, {
  object: "list",
  data: [{ id: "m", object: "model", created: 1, owned_by: "other" }]
})

const overWire = (
  type: string,
  dialect: Dialect,
  refusals: ReadonlyArray<Refusal>,
  more: Pick<Adapter, "config" | "expresses" | "listsModels"> & {
    readonly entry?: (upstream: FakeUpstream) => ProviderEntry
  } = {}
): Adapter => ({
  name: `remote::${type}`,
  dialect,
  refusals,
  ...Struct.omit(more, ["entry"]),
  vendor: Effect.fnUntraced(function*(say) {
    const upstream = yield* FakeUpstream.make({
      list: () => listed,
      respond: (request) => {
        if (request.method === "GET") return undefined
        const said = say()
        if (said._tag === "Silence") return ScriptedAnswer.silent
        if (said._tag === "Answer") return spoken(dialect, said, asksStream(request))
        const { body, headers, status } = said.refusal
        return ScriptedAnswer.json(status, body, headers)
      }
    })
    return {
      options: { providers: [more.entry?.(upstream) ?? Vendors.entry(type, upstream, more.config)] },
      model: `${type}/m`,
      asked: () =>
        upstream.received.filter(({ method }) => method === "POST")
          .map(({ body }) => Result.getOrThrow(dialect.raise.request(body))),
      // Its list of models is asked for by the server itself.
      awaitAsked: reached(() => upstream.received.filter(({ method }) => method === "POST").length),
      awaitAborted: upstream.awaitAborted
    }
  })
})

export const openai = overWire("openai", chat, Refusals.openAi)

/** Another server, which speaks as OpenAI does. */
export const strata = overWire("strata", chat, Refusals.openAi, {
  listsModels: true,
  entry: (upstream) => ({
    provider_id: "strata",
    provider_type: "remote::strata",
    config: { base_url: upstream.url, api_key: Vendors.vendorKey }
  })
})

export const claude = overWire("anthropic", anthropic, Refusals.anthropic)

export const google = overWire("gemini", gemini, Refusals.gemini)

export const vertexAi = overWire("vertexai", vertex, Refusals.gemini, { config: { project: "p" } })

/** It signs nothing, has no id, and counts no cache. */
const asOllama = (answer: ChatResponse): ChatResponse => ({
  ...answer,
  content: answer.content.map((block) => Struct.omit(block, ["signature"]) as ContentBlock),
  usage: { input_tokens: 30, output_tokens: 12, total_tokens: 42 },
  metadata: { model: "m" }
})

export const localOllama = overWire("ollama", ollama, Refusals.ollama, { expresses: asOllama })

/** It says neither an id nor the model. */
const asBedrock = (answer: ChatResponse): ChatResponse => ({ ...answer, metadata: {} })

export const amazon = overWire("bedrock", bedrock, Refusals.bedrock, {
  expresses: asBedrock,
  config: { region_name: "eu-central-1" }
})

const kinds: ReadonlyArray<readonly [kind: FailureKind, tag: Refusal["tag"], retryable: boolean]> = [
  ["rate_limit", "RateLimitError", true],
  ["quota_exceeded", "QuotaExceededError", false],
  ["authentication", "AuthenticationError", false],
  ["access_denied", "AccessDeniedError", false],
  ["context_length", "ContextLengthError", false],
  ["content_filter", "ContentFilterError", false],
  ["invalid_request", "InvalidRequestError", false],
  ["unavailable", "ProviderUnavailableError", true],
  ["overloaded", "ProviderUnavailableError", true],
  ["timeout", "LLMTimeoutError", true],
  ["not_found", "NotFoundError", false]
]

/** A provider in this process, which answers over messages: `examples/external-provider` is one. */
export const overMessages: Adapter = {
  name: "a provider over messages",
  dialect: canonical,
  refusals: kinds.map(([kind, tag, retryable]) =>
    refusal(
      tag,
      retryable,
      LlmErrors.statusOf(kind),
      { error: { kind, message: "no" } },
      kind === "rate_limit" ? soon : {}
    )
  ),
  vendor: (say) =>
    Effect.sync(() => {
      const asked: Array<ChatRequest> = []
      let aborted = 0
      const answer = (request: ChatRequest) =>
        Effect.suspend((): Effect.Effect<ChatResponse, LlmErrors.LlmError> => {
          asked.push(request)
          const said = say()
          switch (said._tag) {
            case "Answer":
              return Effect.succeed({ ...said.response, ...said.besides })
            case "Silence":
              return Effect.onInterrupt(Effect.never, () => Effect.sync(() => void aborted++))
            case "Refusal": {
              const { body, headers = {}, status } = said.refusal
              return Effect.fail(LlmErrors.of(canonical.errors.raise(status, body), { status, headers }))
            }
          }
        })
      const definition = Provider.make({
        api: InferenceApi,
        type: "inline::scripted",
        description: "Answers as a test says.",
        config: Schema.Struct({}),
        requires: [],
        layer: () =>
          Layer.succeed(
            InferenceProvider,
            InferenceProvider.of({
              complete: answer,
              completeStream: (request) =>
                Stream.unwrap(
                  Effect.map(answer(request), (response) => Stream.fromIterable(Translation.partsOf(response)))
                ),
              models: { source: "configuration", list: Effect.succeed([{ id: "m", created: 0, owned_by: "me" }]) }
            })
          )
      })
      const entry: ProviderEntry = { provider_id: "scripted", provider_type: "inline::scripted", config: {} }
      return {
        options: { providers: [entry], types: [...registry, definition] as never },
        model: "scripted/m",
        asked: () => asked,
        awaitAsked: reached(() => asked.length),
        awaitAborted: reached(() => aborted)
      }
    })
}

const azureConfig = { api_version: "2024-12-01-preview" }

/** By deployment and version, with the key in a header of Azure's own. */
export const azure: Adapter = {
  ...overWire("azure", chat, Refusals.openAi, { entry: (upstream) => Vendors.entry("azure", upstream, azureConfig) }),
  config: azureConfig
}

const oracleConfig = {
  api_key: "",
  oci_compartment_id: "c",
  oci_tenancy_ocid: "t",
  oci_user_ocid: "u",
  oci_fingerprint: "aa:bb",
  oci_private_key: rsaKeys().privateKey
}

/** Each request is signed. */
export const oracle: Adapter = {
  ...overWire("oci", chat, Refusals.openAi, { entry: (upstream) => Vendors.entry("oci", upstream, oracleConfig) }),
  config: oracleConfig
}

export const all: ReadonlyArray<Adapter> = [
  openai,
  claude,
  google,
  vertexAi,
  localOllama,
  amazon,
  strata,
  azure,
  oracle,
  overMessages
]
