/**
 * Provider types that search the web: one tool, `web_search`, whoever answers. What vendors differ in are values.
 *
 * @example
 * export const ExaSearch = WebSearchProvider.make({
 *   type: "remote::exa-search",
 *   displayName: "Exa",
 *   base_url: "https://api.exa.ai",
 *   keyVariable: "EXA_API_KEY",
 *   authentication: ApiKey.inHeader("x-api-key"),
 *   requestOf: ({ count, query }) => ({ path: "/search", body: { query, numResults: count } }),
 *   resultsIn: (answer) => objectsIn(field(answer, "results")).map(…)
 * })
 */
import { Effect, Layer, Predicate, Redacted, Result, Schema, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import { parse } from "../../events/types/JsonAccess.ts"
import type { AuthenticationType } from "../../kernel/authentication/Authentication.ts"
import * as Credentials from "../../kernel/calls/Credentials.ts"
import * as RecordingResponse from "../../kernel/calls/RecordingResponse.ts"
import * as VendorError from "../../kernel/calls/VendorError.ts"
import * as VendorWords from "../../kernel/calls/VendorWords.ts"
import * as BaseUrl from "../../kernel/client/BaseUrl.ts"
import { TimeLimitExceeded } from "../../kernel/client/TimeLimitExceeded.ts"
import * as VendorClient from "../../kernel/client/VendorClient.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import * as FieldPrompt from "../../kernel/provider/FieldPrompt.ts"
import { maximumTimerMs, whole } from "../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../kernel/provider/Provider.ts"
import * as ProviderData from "../../kernel/provider/ProviderData.ts"
import * as ToolArguments from "../../kernel/tools/ToolArguments.ts"
import * as ToolCallResult from "../../kernel/tools/ToolCallResult.ts"
import { missing, ToolCallFailed } from "../../kernel/tools/ToolFailure.ts"
import { ToolProvider } from "./ToolRuntime.ts"
import { ToolRuntimeApi } from "./ToolRuntimeApi.ts"
import * as WebSearchTool from "./WebSearchTool.ts"
import type { WebSearchQuery, WebSearchResult } from "./WebSearchTool.ts"

const Data = Schema.Struct({ api_key: ProviderData.Key })

/** A question as its vendor gets it. */
export interface WebSearchRequest {
  /** From the base URL on, its query included. */
  readonly path: string
  /** Absent: it is a GET. */
  readonly body?: Schema.JsonObject
}

export interface Options {
  readonly type: `remote::${string}`
  readonly displayName: string
  readonly description: string
  /** The vendor's own address. */
  readonly base_url: string
  /** The environment variable its key is usually in. */
  readonly keyVariable: string
  readonly authentication: AuthenticationType<unknown>
  /** The name of the largest number of results in Llama Stack's configuration; default max_results alone. */
  readonly countName?: string
  readonly requestOf: (query: WebSearchQuery) => WebSearchRequest
  /** Undefined: it is no answer. */
  readonly resultsIn: (answer: unknown) => ReadonlyArray<WebSearchResult> | undefined
  /** What people should know who use it at its own address; absent: nothing. */
  readonly notice?: string
  readonly status?: Provider.Status
}

const configOf = ({ base_url, countName, keyVariable }: Options) =>
  Schema.Struct({
    base_url: BaseUrl.field.pipe(Schema.withDecodingDefaultKey(Effect.succeed(base_url))).annotate({
      description: `Where the API begins. Default ${base_url}.`
    }).pipe(FieldPrompt.annotate({ prompt: "Base URL of the API" })),
    api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
      description: "Sent with each request. Absent or empty: clients send their own."
    }).pipe(FieldPrompt.annotate({ env: keyVariable, prompt: "API key (empty: clients send their own)" })),
    max_results: whole(1, WebSearchTool.mostResults, {
      description: "How many results a search has, where it does not say how many. Default 5.",
      default: 5
    }),
    ...countName === undefined ? {} : {
      [countName]: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 }))).annotate({
        description: "Llama Stack's name of max_results; it goes before that."
      }).pipe(FieldPrompt.annotate({ hidden: true }))
    },
    max_characters: whole(100, 100_000, {
      description: "Longest text of a result; a longer one is cut. Default 2000.",
      default: 2000
    }),
    timeout_ms: whole(1, maximumTimerMs, {
      description: "How long a search may take, milliseconds. Default 15000.",
      default: 15_000
    }),
    max_response_bytes: whole(1, 67_108_864, {
      description: "Longest answer, bytes; a longer one is not read to its end. Default 4194304.",
      default: 4_194_304
    })
  })

type Config = ReturnType<typeof configOf>["Type"]
type Failure = HttpClientError.HttpClientError | "too large"

/** Characters of a refusal, for the model. */
const longestRefusal = 1000

/** Joins what fits; a longer answer is left, and undefined. */
const wholeOf = (response: HttpClientResponse.HttpClientResponse, limit: number) => {
  const stream: Stream.Stream<Uint8Array, Failure> = response.stream
  return Stream.runCollect(Stream.limitBytes(stream, limit, () => Stream.fail("too large" as const))).pipe(
    Effect.map((chunks): string | undefined => Buffer.concat(chunks).toString("utf8")),
    Effect.catch((error) => error === "too large" ? Effect.undefined : Effect.fail(error))
  )
}

const instanceOf = Effect.fnUntraced(function*(options: Options, config: Config, provider: string) {
  const { authentication, countName, notice, requestOf, resultsIn } = options
  const { api_key, base_url, max_characters, max_response_bytes, timeout_ms } = config
  if (notice !== undefined && base_url === options.base_url) yield* Effect.logWarning(`${provider}: ${notice}`)
  const given = ProviderData.of(Data, { api: ToolRuntimeApi.name, provider_id: provider })
  const credentials = yield* Credentials.make({ api_key, headers: {} }, given, yield* authentication.make(config))
  const prepend = yield* BaseUrl.prepend(BaseUrl.partsOf(base_url))
  const client = (yield* VendorClient.dedicated(yield* HttpClient.HttpClient, {
    connect: Math.min(timeout_ms, 10_000),
    firstByte: timeout_ms,
    idle: timeout_ms,
    total: timeout_ms
  })).pipe(HttpClient.mapRequest(prepend), HttpClient.mapRequestEffect(credentials))
  const named = countName === undefined ? undefined : Reflect.get(config, countName)
  const usualCount = Predicate.isNumber(named) ? named : config.max_results
  const isKeyed = api_key !== undefined && Redacted.value(api_key) !== ""
  const decode = Result.getOrThrow(ToolArguments.ofJsonSchema(WebSearchTool.definition.input_schema))

  const failed = (reason: ToolCallFailed["reason"], detail: string) =>
    new ToolCallFailed({ provider, tool: WebSearchTool.name, reason, detail })

  const keyed = isKeyed ? Effect.void : Effect.mapError(
    Credentials.requireKey(provider, given, chat.errors.envelope),
    () => failed("unauthenticated", new Credentials.KeyMissing({ provider, variable: options.keyVariable }).message)
  )

  const resultOf = (query: WebSearchQuery, text: string) => {
    const results = resultsIn(parse(text))
    return results === undefined ? undefined : WebSearchTool.resultOf(query, results, max_characters)
  }

  /** The event of the call says what became of the answer. */
  const judge = (response: HttpClientResponse.HttpClientResponse, query: WebSearchQuery) =>
    RecordingResponse.judge(response, {
      failureOf: () => undefined,
      isLastFrame: () => false,
      summarize: ({ frames = [], status }) => {
        const text = frames.map(([, frame]) => frame).join("")
        const result = status < 300 ? resultOf(query, text) : undefined
        return ToolCallResult.summary(result ?? ToolCallResult.failed(text.slice(0, longestRefusal)))
      }
    })

  const search = Effect.fnUntraced(function*(query: WebSearchQuery) {
    yield* keyed
    const { body, path } = requestOf(query)
    const request = body === undefined
      ? HttpClientRequest.get(path, { headers: { accept: "application/json" } })
      : HttpClientRequest.post(path, { headers: { accept: "application/json" } }).pipe(
        HttpClientRequest.bodyJsonUnsafe(body)
      )
    const answer = Effect.flatMap(client.execute(request), (response) => {
      judge(response, query)
      return Effect.map(wholeOf(response, max_response_bytes), (text) => ({ status: response.status, text }))
    })
    const { status, text } = yield* Effect.mapError(
      answer,
      (error) =>
        failed(
          error.reason.cause instanceof TimeLimitExceeded ? "timeout" : "unreachable",
          VendorError.describe(error)
        )
    )
    if (text === undefined) return yield* failed("too_large", `more than ${max_response_bytes} bytes`)
    if (status >= 300) {
      const words = yield* Effect.withFiber((fiber) => Effect.succeed(VendorWords.redactorOf(fiber).forClient(text)))
      return ToolCallResult.failed(`The search was refused: HTTP ${status}: ${words.slice(0, longestRefusal)}`)
    }
    return resultOf(query, text) ?? (yield* failed("invalid_answer", `no results in it: ${text.slice(0, 200)}`))
  })

  return ToolProvider.of({
    list: () => Effect.succeed([WebSearchTool.definition]),
    invoke: Effect.fnUntraced(function*({ arguments: asked, group, name }) {
      if (name !== WebSearchTool.name) return yield* missing(name, group.identifier, [WebSearchTool.name])
      const checked = decode(asked)
      if (Result.isFailure(checked)) return ToolCallResult.failed(checked.failure)
      return yield* search(WebSearchTool.queryOf(asked, usualCount))
    }),
    webSearch: WebSearchTool.name,
    groups: { source: "configuration", list: Effect.succeed([{ provider_resource_id: provider }]) }
  })
})

export const make = (options: Options) =>
  Provider.make({
    api: ToolRuntimeApi,
    type: options.type,
    displayName: options.displayName,
    description: options.description,
    config: configOf(options),
    requires: [],
    capabilities: ["tools", "web_search"],
    providerData: Data,
    ...options.status === undefined ? {} : { status: options.status },
    layer: (config, { provider_id }) => Layer.effect(ToolProvider, instanceOf(options, config, provider_id))
  })
